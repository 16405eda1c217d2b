-- These articles and all others of the components they are in, with what clustering needs to know.
with touched as (
    select distinct component_id
    from reuse.components
    where article_id in (from staged_ids)
),
member as (
    select article_id from reuse.components where component_id in (from touched)
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
from articles
where articles.article_id in (from member)
