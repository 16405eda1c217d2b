delete from article_agencies where article_id in (from staged_ids)
