insert into ops.rechecks by name
from staged_rechecks
