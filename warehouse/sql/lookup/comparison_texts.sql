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
)
select
    chosen.article_key,
    articles.article_id,
    articles.body,
    articles.language,
    chosen.prose,
    chosen.headings
from (
    from articles where published_at >= $first_day and published_at < $last_day + 1
) as articles
inner join chosen on articles.article_id = format('{:016x}', chosen.article_key)
union all
select
    chosen.article_key,
    articles.article_id,
    articles.body,
    articles.language,
    chosen.prose,
    chosen.headings
from (
    from articles where published_at is null
) as articles
inner join (
    from chosen where published_at is null
) as chosen on articles.article_id = format('{:016x}', chosen.article_key)
