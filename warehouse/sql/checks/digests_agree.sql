-- An article shows the text of its current version, a capture a text that is one, texts are equal as their digests are.
with shown as materialized (
    select article_id, version_no, hash(body) as text_hash from articles
),
version as materialized (
    select article_id, version_no, body_sha256, coalesce(text_sha256, body_sha256) as text_sha256, hash(body) as text_hash
    from article_versions
)
select shown.article_id, 'articles' as place
from shown
inner join version using (article_id, version_no)
where shown.text_hash <> version.text_hash
union all
select article_id, 'article_pages'
from article_pages
where (article_id, coalesce(text_sha256, body_sha256)) not in (select (article_id, text_sha256) from version)
union all
select min(article_id), 'one digest'
from version
group by body_sha256
having count(distinct text_hash) > 1
union all
select min(article_id), 'one text'
from version
group by text_hash
having count(distinct body_sha256) > 1
