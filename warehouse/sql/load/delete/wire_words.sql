-- Forget the counts of these articles, of all they share a passage with, and of articles gone.
delete from mart.wire_words
where
    article_id in (from staged_ids)
    or article_id in (select article_b from passages where article_a in (from staged_ids))
    or article_id in (select article_a from passages where article_b in (from staged_ids))
    or article_id not in (select article_id from articles)
