-- All rows of a table of another file; the two names stand for tables (warehouse/replacement.py).
insert into fresh_rows by name
from former_rows
