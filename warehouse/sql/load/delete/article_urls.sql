delete from article_urls where article_id in (from staged_ids)
