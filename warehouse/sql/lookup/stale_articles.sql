-- Articles that were compared under another version of the normalisation, as many as asked for.
with stale as materialized (
    select article_key, prose, headings
    from reuse.fingerprints
    where norm_version <> $norm_version
    order by article_key
    limit $article_count
)
select
    articles.article_id,
    articles.body,
    articles.language,
    articles.published_at,
    articles.publisher_id,
    stale.prose,
    stale.headings
from stale
inner join articles on articles.article_id = format('{:016x}', stale.article_key)
