delete from article_authors where article_id in (from staged_ids)
