insert into ops.wanted_pages by name
from staged_wanted_pages
