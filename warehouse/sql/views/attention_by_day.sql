create or replace view mart.attention_by_day as
with dated as (
    select
        articles.publisher_id,
        (articles.published_at at time zone 'UTC')::date as published_on,
        articles.word_count = 0
        or 2 * (articles.word_count - wire.own_word_count) < articles.word_count as is_own
    from articles
    inner join mart.article_wire as wire on articles.article_id = wire.article_id
),
daily as (
    select
        publisher_id,
        published_on,
        count(*) as article_count,
        count(*) filter (is_own) as own_article_count
    from dated
    group by publisher_id, published_on
),
volume as (
    select
        publisher_id,
        published_on,
        article_count,
        own_article_count,
        sum(article_count) over period as month_article_count,
        sum(own_article_count) over period as month_own_article_count
    from daily
    window period as (partition by publisher_id, date_trunc('month', published_on))
),
final as (
    select
        volume.published_on,
        volume.publisher_id,
        coalesce(publishers.name, publishers.host) as publisher,
        volume.article_count,
        volume.own_article_count,
        volume.article_count - volume.own_article_count as wire_article_count,
        volume.month_article_count::bigint as month_article_count,
        volume.month_own_article_count::bigint as month_own_article_count,
        volume.article_count / volume.month_article_count as article_ratio,
        case
            when volume.month_own_article_count > 0
                then volume.own_article_count / volume.month_own_article_count
        end as own_article_ratio
    from volume
    left join publishers on volume.publisher_id = publishers.publisher_id
)
select * from final;

comment on view mart.attention_by_day is 'One row per publisher and UTC day with an article: how many, with and without wire copy';
comment on column mart.attention_by_day.published_on is 'The day of publication, UTC; null for articles of unknown date';
comment on column mart.attention_by_day.publisher_id is 'The publisher; null for all articles of unknown publishers';
comment on column mart.attention_by_day.publisher is 'Its name, or its host';
comment on column mart.attention_by_day.article_count is 'Articles, wire copy included';
comment on column mart.attention_by_day.own_article_count is 'Articles that are not wire copy';
comment on column mart.attention_by_day.wire_article_count is 'Articles that are wire copy';
comment on column mart.attention_by_day.month_article_count is 'The publisher''s articles of the calendar month: its volume';
comment on column mart.attention_by_day.month_own_article_count is 'The same without wire copy';
comment on column mart.attention_by_day.article_ratio is 'article_count of month_article_count, 0 to 1; of all undated articles where the day is null';
comment on column mart.attention_by_day.own_article_ratio is 'own_article_count of month_own_article_count, 0 to 1; null where the month has none';
