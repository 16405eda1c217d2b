select article_id from reuse.components where article_id in (from staged_ids)
