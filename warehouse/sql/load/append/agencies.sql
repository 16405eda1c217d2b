insert into agencies by name
from staged_agencies
