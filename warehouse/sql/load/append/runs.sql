insert into ops.runs by name
from staged_runs
