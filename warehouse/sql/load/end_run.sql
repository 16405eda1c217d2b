update ops.runs
set ended_at = $ended_at, status = $status, outcomes = $outcomes
where run_id = $run_id
