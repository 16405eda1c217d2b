insert into ops.source_state by name
from staged_source_state
