select ledger_id, max(seq) as seq
from ops.ledger_events
where ledger_id in (from staged_ids)
group by ledger_id
