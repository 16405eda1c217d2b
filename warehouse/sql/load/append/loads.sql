insert into ops.loads by name
from staged_loads
