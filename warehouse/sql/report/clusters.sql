-- The clusters of more than one publisher with the most articles, and how many such clusters there are.
select
    cluster_id,
    any_value(origin_headline) as headline,
    any_value(publisher_count) as publisher_count,
    sum(article_count)::bigint as article_count,
    count(*) over () as cluster_count
from mart.wire_spread
group by cluster_id
order by article_count desc, publisher_count desc, cluster_id
limit $row_limit
