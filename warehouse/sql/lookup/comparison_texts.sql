-- What alignment needs of these articles, those published in these days or undated.
-- The undated are found first by themselves: together with the keys DuckDB would test the keys of the
-- whole table.
with undated as materialized (
    select article_key from reuse.fingerprints where published_at is null
),
chosen as materialized (
    select article_key, published_at, prose, headings
    from reuse.fingerprints
    where
        published_at >= $first_day
        and published_at < $last_day + 1
        and article_key in (from staged_keys)
    union all
    select article_key, published_at, prose, headings
    from reuse.fingerprints
    where
        published_at is null
        and article_key in (select article_key from undated where article_key in (from staged_keys))
),
article as (
    select article_id, body, language
    from articles
    where published_at >= $first_day and published_at < $last_day + 1
    union all
    select article_id, body, language from articles where published_at is null
)
select
    chosen.article_key,
    article.article_id,
    article.body,
    article.language,
    chosen.prose,
    chosen.headings
from article
inner join chosen on article.article_id = format('{:016x}', chosen.article_key)
