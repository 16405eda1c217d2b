insert into reuse.lines by name
from staged_lines
