delete from ops.robots_files where origin in (from staged_ids)
