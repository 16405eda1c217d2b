select article_id, page_id, fetched_at, headline, body_sha256, text_sha256
from article_pages
where article_id in (from staged_ids)
