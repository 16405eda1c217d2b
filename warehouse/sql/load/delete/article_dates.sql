delete from article_dates where article_id in (from staged_ids)
