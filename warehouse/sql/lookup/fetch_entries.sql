-- The inputs that a fetch has seen.
select ledger_id from ops.entries where fetch_id = $fetch
