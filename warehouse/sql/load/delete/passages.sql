delete from passages
where
    day between $first_day and $last_day
    and (article_a in (from staged_ids) or article_b in (from staged_ids))
