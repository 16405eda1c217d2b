delete from reuse.components
where
    day between $first_day and $last_day
    and article_id in (from staged_ids)
