insert into reuse.components by name
from staged_components
