select article_id, body, body_sha256, text_sha256
from article_versions
where article_id in (from staged_ids)
qualify row_number() over (partition by article_id, coalesce(text_sha256, body_sha256) order by version_no) = 1
