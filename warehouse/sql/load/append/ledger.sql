insert into ops.ledger by name
from staged_ledger
