-- The clusters of these articles, with these of their members.
select members.article_id, clusters.cluster_id, clusters.origin_article_id
from cluster_members as members
inner join clusters on members.cluster_id = clusters.cluster_id
where members.article_id in (from staged_ids)
