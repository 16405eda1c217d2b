-- Every version of an article is there once, and its text is not the one before it.
select article_id, version_no
from (
    select
        article_id,
        version_no,
        coalesce(text_sha256, body_sha256) as text_sha256,
        lag(version_no) over numbered as previous_no,
        lag(coalesce(text_sha256, body_sha256)) over numbered as previous_sha256
    from article_versions
    window numbered as (partition by article_id order by version_no)
)
where version_no <> coalesce(previous_no, 0) + 1 or text_sha256 = previous_sha256
