delete from ops.fetches where fetch_id in (from staged_ids)
