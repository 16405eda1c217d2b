delete from reuse.components
where
    day is null
    and article_id in (from staged_ids)
