delete from clusters where cluster_id in (from staged_ids)
