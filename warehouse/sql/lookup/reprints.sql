-- These articles with the origins of their clusters, and where they are origins, with all reprints.
with own as (
    select article_id, cluster_id
    from cluster_members
    where article_id in (from staged_ids) and role = 'reprint'
    union
    select members.article_id, members.cluster_id
    from cluster_members as members
    inner join clusters on members.cluster_id = clusters.cluster_id
    where
        clusters.origin_article_id in (from staged_ids)
        and clusters.article_count > 1
        and members.role = 'reprint'
),
pair as (
    select own.article_id, clusters.origin_article_id
    from own
    inner join clusters on own.cluster_id = clusters.cluster_id
)
select
    ('0x' || pair.article_id)::ubigint as first_key,
    ('0x' || pair.origin_article_id)::ubigint as second_key
from pair
inner join articles as reprint on pair.article_id = reprint.article_id
inner join articles as origin on pair.origin_article_id = origin.article_id
where coalesce(reprint.publisher_id <> origin.publisher_id, true)
