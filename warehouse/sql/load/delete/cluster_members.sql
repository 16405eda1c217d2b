delete from cluster_members where article_id in (from staged_ids)
