delete from article_versions where article_id in (from staged_ids)
