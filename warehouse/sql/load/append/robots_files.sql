insert into ops.robots_files by name
from staged_robots_files
