delete from matches
where
    day is null
    and (article_a in (from staged_ids) or article_b in (from staged_ids))
