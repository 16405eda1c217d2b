select article_id, publisher_id, published_at, language, body_sha256, first_seen_at
from articles
where article_id in (from staged_ids)
