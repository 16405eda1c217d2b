insert into sources by name
from staged_sources
