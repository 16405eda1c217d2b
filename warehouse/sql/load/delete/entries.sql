delete from ops.entries where fetch_id in (from staged_ids)
