delete from articles where article_id in (from staged_ids)
