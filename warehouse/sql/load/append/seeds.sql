insert into reuse.seeds by name
from staged_seeds
