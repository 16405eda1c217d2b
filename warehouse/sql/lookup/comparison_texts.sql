-- What alignment needs of these articles, those published in these days or undated.
with chosen as materialized (
    select article_key, prose
    from (
        from reuse.fingerprints where published_at >= $first_day and published_at < $last_day + 1
        union all
        from reuse.fingerprints where published_at is null
    )
    where article_key in (from staged_keys)
)
select chosen.article_key, articles.article_id, articles.body, articles.language, chosen.prose
from (
    from articles where published_at >= $first_day and published_at < $last_day + 1
    union all
    from articles where published_at is null
) as articles
inner join chosen on articles.article_id = format('{:016x}', chosen.article_key)
