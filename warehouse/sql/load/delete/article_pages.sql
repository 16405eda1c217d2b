delete from article_pages where page_id in (from staged_ids)
