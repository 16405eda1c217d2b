-- All members of the clusters that these articles are in, which lie in these days or are undated.
with held as materialized (
    from cluster_members where day between $first_day and $last_day
    union all
    from cluster_members where day is null
)
select
    ('0x' || held.article_id)::ubigint as article_key,
    held.cluster_id,
    held.role = 'origin' as is_origin,
    held.day
from held
where held.cluster_id in (
    select cluster_id from held where article_id in (from staged_ids)
)
