-- Every input has one ledger row.
select ledger_id, count(*) as row_count
from ops.ledger
group by all
having count(*) > 1
