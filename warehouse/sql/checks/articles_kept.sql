-- An input that led to an article leads to one ever after, unless a run read its captures again.
select told.ledger_id, told.seq, former.state as former_state, told.state
from ops.ledger_events as told
inner join ops.ledger_events as former
    on told.ledger_id = former.ledger_id and told.seq = former.seq + 1
inner join ops.runs as runs on told.run_id = runs.run_id
where
    told.state not in ('loaded', 'duplicate')
    and former.state in ('loaded', 'duplicate')
    and runs.flow not in ('reprocess', 'rebuild')
