-- A text and its digest agree.
select article_id, version_no
from articles
where body_sha256 <> sha256(body)
union all
select article_id, version_no
from article_versions
where body_sha256 <> sha256(body)
