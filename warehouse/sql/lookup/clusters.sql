select clusters.cluster_id, clusters.origin_article_id
from clusters
where clusters.cluster_id in (
    select cluster_id from cluster_members where article_id in (from staged_ids)
)
