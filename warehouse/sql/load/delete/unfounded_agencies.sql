-- Attributions of these articles that no evidence stands for.
delete from article_agencies
where
    article_id in (from staged_ids)
    and (article_id, agency_id) not in (
        select (article_id, agency_id) from agency_evidence where level <> 'mention'
    )
