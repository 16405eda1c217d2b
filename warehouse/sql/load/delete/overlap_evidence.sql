delete from agency_evidence where signal = 'overlap' and article_id in (from staged_ids)
