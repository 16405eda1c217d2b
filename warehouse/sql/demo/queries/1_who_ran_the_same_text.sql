-- Who ran the same text, and who had it first?
select
    coalesce(publishers.name, '(unknown)') as publisher,
    members.role,
    articles.published_at,
    articles.headline
from clusters
inner join cluster_members as members on clusters.cluster_id = members.cluster_id
inner join articles on members.article_id = articles.article_id
left join publishers on articles.publisher_id = publishers.publisher_id
where clusters.article_count > 1
order by clusters.cluster_id, members.role, articles.published_at
