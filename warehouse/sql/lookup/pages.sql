select page_id from raw.pages where page_id in (from staged_ids)
