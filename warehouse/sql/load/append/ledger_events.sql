insert into ops.ledger_events by name
from staged_ledger_events
