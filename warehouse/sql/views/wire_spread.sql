create or replace view mart.wire_spread as
with members as (
    select
        members.cluster_id,
        members.article_id,
        members.role,
        articles.publisher_id,
        coalesce(articles.publisher_id, articles.article_id) as publisher_key,
        articles.published_at,
        articles.published_precision,
        -- The origin is a member too: its headline comes with it, and articles are read once.
        case when members.role = 'origin' then articles.headline end as origin_headline,
        case articles.published_precision
            when 'day' then articles.published_at + interval 36 hours
            when 'minute' then articles.published_at + interval 59 seconds
            else articles.published_at
        end as latest_at
    from cluster_members as members
    inner join articles on members.article_id = articles.article_id
    where members.cluster_id in (select cluster_id from clusters where article_count > 1)
),
copies as (
    select
        cluster_id,
        publisher_key,
        any_value(publisher_id) as publisher_id,
        count(*) as article_count,
        bool_or(role = 'origin') as is_origin,
        max(origin_headline) as origin_headline,
        coalesce(arg_min(article_id, struct_pack(latest_at, article_id)) filter (latest_at is not null), min(article_id)) as first_article_id,
        arg_min(published_at, struct_pack(latest_at, article_id)) filter (latest_at is not null) as first_published_at,
        arg_min(published_precision, struct_pack(latest_at, article_id)) filter (latest_at is not null) as published_precision,
        min(latest_at) as latest_at
    from members
    group by cluster_id, publisher_key
),
ordered as (
    select
        cluster_id,
        publisher_id,
        is_origin,
        max(origin_headline) over (partition by cluster_id) as origin_headline,
        first_article_id,
        first_published_at,
        published_precision,
        latest_at,
        article_count,
        count(*) over (partition by cluster_id) as publisher_count,
        row_number() over spread as publisher_no,
        sum(article_count) over spread as running_article_count
    from copies
    window spread as (
        partition by cluster_id
        order by latest_at nulls last, is_origin desc, publisher_key
        rows between unbounded preceding and current row
    )
    qualify publisher_count > 1
),
final as (
    select
        ordered.cluster_id,
        ordered.origin_headline,
        ordered.publisher_id,
        coalesce(publishers.name, publishers.host) as publisher,
        ordered.is_origin,
        ordered.first_article_id,
        ordered.first_published_at,
        ordered.published_precision,
        ordered.article_count,
        case when ordered.latest_at is not null then ordered.publisher_no end as publisher_no,
        case when ordered.latest_at is not null then ordered.running_article_count end::bigint as running_article_count,
        ordered.publisher_count
    from ordered
    left join publishers on ordered.publisher_id = publishers.publisher_id
)
select * from final;

comment on view mart.wire_spread is 'One row per cluster and publisher, for clusters that more than one publisher ran: how a text spread over time';
comment on column mart.wire_spread.cluster_id is 'The cluster';
comment on column mart.wire_spread.origin_headline is 'Headline of its origin';
comment on column mart.wire_spread.publisher_id is 'The publisher; an unknown one is one of its own';
comment on column mart.wire_spread.publisher is 'Its name, or its host';
comment on column mart.wire_spread.is_origin is 'Whether the origin is its';
comment on column mart.wire_spread.first_article_id is 'Its first article of the cluster';
comment on column mart.wire_spread.first_published_at is 'When that was published, UTC; null where no date is known';
comment on column mart.wire_spread.published_precision is 'instant, minute or day';
comment on column mart.wire_spread.article_count is 'Its articles in the cluster';
comment on column mart.wire_spread.publisher_no is 'Its place in the order in which publishers had the text, from 1; a day counts from its end; null without a date';
comment on column mart.wire_spread.running_article_count is 'Articles of the publishers up to this one; null without a date';
comment on column mart.wire_spread.publisher_count is 'Publishers of the cluster';
