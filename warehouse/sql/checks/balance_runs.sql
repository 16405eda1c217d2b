-- Rows name a run that exists; a run that has ended says when.
select run_id from ops.fetches where run_id not in (select run_id from ops.runs)
union all
select run_id from ops.entries where run_id not in (select run_id from ops.runs)
union all
select run_id from ops.loads where run_id not in (select run_id from ops.runs)
union all
select run_id from ops.ledger_events where run_id not in (select run_id from ops.runs)
union all
select last_run_id from ops.ledger where last_run_id not in (select run_id from ops.runs)
union all
select run_id from ops.runs where (status = 'running') <> (ended_at is null)
