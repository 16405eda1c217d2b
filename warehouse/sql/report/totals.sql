-- What the published copy holds, in one row.
select
    (select count(*) from articles) as article_count,
    (select count(distinct publisher_id) from articles) as publisher_count,
    (select count(*) from articles where publisher_id is null) as unknown_publisher_count,
    (select count(*) from articles where published_at is null) as undated_count,
    (select count(distinct article_id) from article_agencies) as attributed_count,
    (select count(*) from clusters where article_count > 1) as cluster_count,
    (select coalesce(sum(article_count), 0)::bigint from clusters where article_count > 1) as clustered_article_count,
    (select count(*) from passages) as passage_count,
    (select max(committed_at) from ops.loads) as last_loaded_at
