insert into ops.entries by name
from staged_entries
