-- Inputs that are quarantined, and whether they can be fetched again.
select
    ledger.ledger_id,
    ledger.url_key,
    ledger.reason,
    wanted.ledger_id is not null as is_fetchable
from ops.ledger as ledger
left join ops.wanted_pages as wanted on ledger.ledger_id = wanted.ledger_id
where ledger.state = 'quarantined'
order by ledger.url_key
