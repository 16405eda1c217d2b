-- The largest clusters with an article that is new or changed in a run.
with of_run as (
    select distinct members.cluster_id
    from ops.ledger as ledger
    inner join cluster_members as members on ledger.article_id = members.article_id
    where ledger.last_run_id = $run_id
)

select
    articles.headline,
    articles.url,
    clusters.article_count,
    clusters.first_published_at,
    publishers.name as publisher,
    count(*) over () as cluster_count
from clusters
inner join of_run on clusters.cluster_id = of_run.cluster_id
inner join articles on clusters.origin_article_id = articles.article_id
left join publishers on articles.publisher_id = publishers.publisher_id
where clusters.article_count > 1
order by clusters.article_count desc, clusters.cluster_id
limit 25
