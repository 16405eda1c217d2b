-- An article shows the text of its current version, a capture a text that is one, texts are equal as their digests are.
-- Digests and texts are compared by hashes of theirs, which fit in memory.
with shown as materialized (
    select article_id, version_no, hash(body) as text_hash from articles
),
version as materialized (
    select
        article_id,
        version_no,
        hash(body_sha256) as digest_hash,
        hash(coalesce(text_sha256, body_sha256)) as words_hash,
        hash(body) as text_hash
    from article_versions
)
select shown.article_id, 'articles' as place
from shown
inner join version using (article_id, version_no)
where shown.text_hash <> version.text_hash
union all
select pages.article_id, 'article_pages'
from article_pages as pages
anti join version
    on pages.article_id = version.article_id and hash(coalesce(pages.text_sha256, pages.body_sha256)) = version.words_hash
union all
select min(article_id), 'one digest'
from version
group by digest_hash
having min(text_hash) <> max(text_hash)
union all
select min(article_id), 'one text'
from version
group by text_hash
having min(digest_hash) <> max(digest_hash)
