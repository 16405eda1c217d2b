-- A pair stays aligned while one of the two is an origin.
delete from passages
where
    (article_a in (from staged_ids) or article_b in (from staged_ids))
    and article_a not in (select origin_article_id from clusters)
    and article_b not in (select origin_article_id from clusters)
