-- A page that waits to be fetched is a pending or quarantined input, one to look at again an input.
select wanted.ledger_id
from ops.wanted_pages as wanted
left join ops.ledger as ledger on wanted.ledger_id = ledger.ledger_id
left join ops.entries as entries
    on wanted.fetch_id = entries.fetch_id and wanted.position = entries.position
group by all
having
    count(*) <> 1
    or any_value(ledger.state) is null
    or any_value(ledger.state) not in ('pending', 'quarantined')
    or any_value(entries.ledger_id) is distinct from wanted.ledger_id
union all
select checks.ledger_id
from ops.rechecks as checks
left join ops.ledger as ledger on checks.ledger_id = ledger.ledger_id
group by all
having count(*) <> 1 or any_value(ledger.ledger_id) is null
