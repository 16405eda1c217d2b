-- What is known of these inputs as pages to look at again.
select *
from ops.rechecks
where ledger_id in (from staged_ids)
