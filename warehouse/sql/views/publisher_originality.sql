create or replace view mart.publisher_originality as
with counted as (
    select
        articles.publisher_id,
        date_trunc('month', articles.published_at at time zone 'UTC')::date as month_on,
        articles.word_count,
        wire.own_word_count,
        articles.word_count = 0
        or 2 * (articles.word_count - wire.own_word_count) < articles.word_count as is_own
    from articles
    inner join mart.article_wire as wire on articles.article_id = wire.article_id
),
summed as (
    select
        publisher_id,
        month_on,
        count(*) as article_count,
        count(*) filter (is_own) as own_article_count,
        sum(word_count)::bigint as word_count,
        sum(own_word_count)::bigint as own_word_count
    from counted
    group by publisher_id, month_on
),
final as (
    select
        summed.publisher_id,
        coalesce(publishers.name, publishers.host) as publisher,
        summed.month_on,
        summed.article_count,
        summed.own_article_count,
        summed.own_article_count / summed.article_count as own_article_ratio,
        summed.word_count,
        summed.own_word_count,
        case when summed.word_count > 0 then summed.own_word_count / summed.word_count end as own_word_ratio
    from summed
    left join publishers on summed.publisher_id = publishers.publisher_id
)
select * from final;

comment on view mart.publisher_originality is 'One row per publisher and month: how much of it is its own reporting; counts add up over rows, ratios do not';
comment on column mart.publisher_originality.publisher_id is 'The publisher; null for all articles of unknown publishers';
comment on column mart.publisher_originality.publisher is 'Its name, or its host';
comment on column mart.publisher_originality.month_on is 'First day of the month of publication, UTC; null for articles of unknown date';
comment on column mart.publisher_originality.article_count is 'Articles';
comment on column mart.publisher_originality.own_article_count is 'Of them those that are not wire copy: more than half of the words their own';
comment on column mart.publisher_originality.own_article_ratio is 'own_article_count of article_count, 0 to 1';
comment on column mart.publisher_originality.word_count is 'Words of all articles';
comment on column mart.publisher_originality.own_word_count is 'Of them those that neither passages nor credits give to others';
comment on column mart.publisher_originality.own_word_ratio is 'own_word_count of word_count, 0 to 1';
