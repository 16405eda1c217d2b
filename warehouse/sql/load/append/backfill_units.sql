insert into ops.backfill_units by name
from staged_backfill_units
