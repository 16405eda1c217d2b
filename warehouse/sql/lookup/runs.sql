select run_id, flow, status from ops.runs where run_id in (from staged_ids)
