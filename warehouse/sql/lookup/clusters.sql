-- The clusters of these articles, whose members all lie in these days or are undated.
with held as materialized (
    from cluster_members where day between $first_day and $last_day
    union all
    from cluster_members where day is null
)
select members.article_id, members.cluster_id, origins.article_id as origin_article_id
from held as members
inner join held as origins on members.cluster_id = origins.cluster_id
where members.article_id in (from staged_ids) and origins.role = 'origin'
