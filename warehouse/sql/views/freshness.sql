create or replace view mart.freshness as
with sighted as (
    select distinct entries.source_id, ledger.article_id
    from ops.entries as entries
    inner join ops.ledger as ledger on entries.ledger_id = ledger.ledger_id
    where entries.outcome = 'loaded' and ledger.article_id is not null
),
measured as (
    select
        sighted.source_id,
        articles.published_at,
        articles.first_seen_at,
        case
            when articles.published_precision = 'instant' and articles.first_seen_at >= articles.published_at
                then epoch(articles.first_seen_at) - epoch(articles.published_at)
        end as delay_s
    from sighted
    inner join articles on sighted.article_id = articles.article_id
),
summed as (
    select
        source_id,
        count(*) as article_count,
        count(delay_s) as measured_article_count,
        quantile_cont(delay_s, 0.5) as median_s,
        quantile_cont(delay_s, 0.95) as p95_s,
        max(published_at) as last_published_at,
        max(first_seen_at) as last_loaded_at
    from measured
    group by source_id
),
final as (
    select
        sources.source_id,
        sources.slug,
        sources.kind,
        coalesce(summed.article_count, 0) as article_count,
        coalesce(summed.measured_article_count, 0) as measured_article_count,
        summed.median_s,
        summed.p95_s,
        summed.last_published_at,
        summed.last_loaded_at
    from sources
    left join summed on sources.source_id = summed.source_id
)
select * from final;

comment on view mart.freshness is 'One row per source: how long after publication its articles could be queried';
comment on column mart.freshness.source_id is 'The source';
comment on column mart.freshness.slug is 'Its short name';
comment on column mart.freshness.kind is 'feed, sitemap, page, folder or warc';
comment on column mart.freshness.article_count is 'Articles loaded from it';
comment on column mart.freshness.measured_article_count is 'Of them those whose delay is known: published at a known instant, and not after they were loaded';
comment on column mart.freshness.median_s is 'Seconds from published_at to the commit of the load, median';
comment on column mart.freshness.p95_s is 'The same, 95th percentile';
comment on column mart.freshness.last_published_at is 'Latest published_at of its articles';
comment on column mart.freshness.last_loaded_at is 'When its latest new article was loaded';
