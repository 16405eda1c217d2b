-- Found without an end by a later run: nobody closed it.
update ops.runs
set status = 'crashed', ended_at = $ended_at
where run_id = $run_id
