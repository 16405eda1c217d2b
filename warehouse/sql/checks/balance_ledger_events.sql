-- An input stands as its last event says, and its events are numbered from 1 without a gap.
select ledger.ledger_id, events.ledger_id as event_ledger_id
from ops.ledger as ledger
full join ops.ledger_events as events on ledger.ledger_id = events.ledger_id
group by all
having
    count(events.seq) <> max(events.seq)
    or count(distinct events.seq) <> count(events.seq)
    or min(events.seq) <> 1
    or arg_max(events.state, events.seq) is distinct from any_value(ledger.state)
    or arg_max_null(events.reason, events.seq) is distinct from any_value(ledger.reason)
