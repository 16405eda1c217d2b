select distinct author_id from article_authors where article_id in (from staged_ids)
