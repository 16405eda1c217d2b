insert into ops.entry_aliases by name
from staged_entry_aliases
