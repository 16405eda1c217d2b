-- A cluster's count, origin and id are those of its members; it has one origin.
with counted as (
    select
        cluster_id,
        count(*) as article_count,
        min(article_id) as least_id,
        count(*) filter (role = 'origin') as origin_count,
        max(article_id) filter (role = 'origin') as origin_id
    from cluster_members
    group by all
)
select clusters.cluster_id, counted.cluster_id as member_cluster_id
from clusters
full join counted on clusters.cluster_id = counted.cluster_id
where
    clusters.article_count is distinct from counted.article_count
    or clusters.cluster_id is distinct from counted.least_id
    or clusters.origin_article_id is distinct from counted.origin_id
    or counted.origin_count <> 1
