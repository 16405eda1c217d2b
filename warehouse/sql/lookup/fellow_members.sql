-- All members of the clusters that these articles are in.
select
    ('0x' || members.article_id)::ubigint as article_key,
    members.cluster_id,
    members.role = 'origin' as is_origin
from cluster_members as members
where members.cluster_id in (
    select cluster_id from cluster_members where article_id in (from staged_ids)
)
