-- What alignment needs of these articles, those published in these days or undated.
with chosen as materialized (
    select article_key, prose
    from reuse.fingerprints
    where
        article_key in (from staged_keys)
        and (published_at between $first_day and $last_day or published_at is null)
)
select chosen.article_key, articles.article_id, articles.body, articles.language, chosen.prose
from articles
inner join chosen on articles.article_id = format('{:016x}', chosen.article_key)
where articles.published_at between $first_day and $last_day or articles.published_at is null
