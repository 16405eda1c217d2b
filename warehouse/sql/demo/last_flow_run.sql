select prefect_flow_run_id from ops.runs order by started_at desc limit 1
