insert into reuse.bands by name
from staged_bands
