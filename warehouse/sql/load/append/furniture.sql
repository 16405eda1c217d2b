insert into reuse.furniture by name
from staged_furniture
