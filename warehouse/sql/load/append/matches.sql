insert into matches by name
from staged_matches
