delete from article_tags where article_id in (from staged_ids)
