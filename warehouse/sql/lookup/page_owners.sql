-- The articles these captures are of.
select article_id, page_id from article_pages where page_id in (from staged_ids)
