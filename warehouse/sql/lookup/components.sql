-- These articles and all others of the components they are in, with what clustering needs to know;
-- all lie in these days or are undated. The undated are found first by themselves: together with the ids
-- DuckDB would test the ids of the whole table.
with undated as materialized (
    select article_id, published_at, url_key from articles where published_at is null
),
held as materialized (
    from reuse.components where day between $first_day and $last_day
    union all
    from reuse.components where day is null
),
member as (
    select article_id
    from held
    where component_id in (
        select component_id from held where article_id in (from staged_ids)
    )
    union
    from staged_ids
)
select
    articles.article_id,
    articles.published_at,
    articles.url_key,
    exists (
        from article_agencies
        where article_agencies.article_id = articles.article_id and article_agencies.role = 'self'
    ) as is_agency
from (
    select article_id, published_at, url_key
    from articles
    where published_at >= $first_day and published_at < $last_day + 1
    union all
    from undated
) as articles
where articles.article_id in (from member)
