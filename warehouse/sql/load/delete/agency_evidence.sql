delete from agency_evidence where article_id in (from staged_ids)
