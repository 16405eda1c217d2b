-- Texts of these articles that no capture of them shows any more.
delete from article_versions
where
    article_id in (from staged_ids)
    and (article_id, coalesce(text_sha256, body_sha256))
    not in (select (article_id, coalesce(text_sha256, body_sha256)) from article_pages)
