delete from cluster_members
where
    day between $first_day and $last_day
    and article_id in (from staged_ids)
