delete from cluster_members
where
    day is null
    and article_id in (from staged_ids)
