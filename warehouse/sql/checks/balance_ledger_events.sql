-- An input's state is that of its last event, and its events are numbered from 1 without a gap.
select ledger.ledger_id, ledger.state
from ops.ledger as ledger
left join ops.ledger_events as events on ledger.ledger_id = events.ledger_id
group by all
having
    count(events.seq) <> max(events.seq)
    or min(events.seq) <> 1
    or arg_max(events.state, events.seq) is distinct from ledger.state
    or max(events.seq) is null
