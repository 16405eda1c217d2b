-- A cluster's count, origin, first time and id are those of its members; it has one origin, for the reason given.
with counted as (
    select
        members.cluster_id,
        count(*) as article_count,
        min(members.article_id) as least_id,
        count(*) filter (members.role = 'origin') as origin_count,
        max(members.article_id) filter (members.role = 'origin') as origin_id,
        min(articles.published_at) as first_published_at,
        bool_or(members.role = 'origin' and own.article_id is not null) as is_agency_origin
    from cluster_members as members
    left join articles on members.article_id = articles.article_id
    left join (
        select distinct article_id from article_agencies where role = 'self'
    ) as own on members.article_id = own.article_id
    group by all
)
select clusters.cluster_id, counted.cluster_id as member_cluster_id
from clusters
full join counted on clusters.cluster_id = counted.cluster_id
where
    clusters.article_count is distinct from counted.article_count
    or clusters.cluster_id is distinct from counted.least_id
    or clusters.origin_article_id is distinct from counted.origin_id
    or clusters.first_published_at is distinct from counted.first_published_at
    or counted.origin_count <> 1
    or clusters.origin_basis is distinct from case
        when counted.article_count = 1 then 'only'
        when counted.is_agency_origin then 'agency'
        else 'earliest'
    end
