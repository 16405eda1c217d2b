insert into ops.fetches by name
from staged_fetches
