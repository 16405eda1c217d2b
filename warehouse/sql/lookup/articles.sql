select
    article_id,
    publisher_id,
    published_at,
    language,
    body_sha256,
    first_seen_at,
    article_id in (select article_id from article_agencies where role = 'self') as is_agency
from articles
where article_id in (from staged_ids)
