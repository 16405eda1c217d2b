insert into passages by name
from staged_passages
