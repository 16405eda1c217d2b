select run_id from ops.runs where status = 'running'
