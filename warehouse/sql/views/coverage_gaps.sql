create or replace view mart.coverage_gaps as
with held as (
    select
        publisher_id,
        date_trunc('week', published_at at time zone 'UTC')::date as week_on,
        count(*) as article_count
    from articles
    where publisher_id is not null and published_at is not null
    group by all
),
ranked as (
    select
        publisher_id,
        week_on,
        article_count,
        row_number() over (partition by publisher_id order by article_count desc, week_on) as place
    from held
),
expected as (
    select
        publisher_id,
        min(week_on) as first_week_on,
        max(week_on) as last_week_on,
        avg(article_count) filter (place <= 20) as expected_volume
    from ranked
    group by publisher_id
),
calendar as (
    select
        publisher_id,
        first_week_on,
        last_week_on,
        expected_volume,
        unnest(generate_series(first_week_on::timestamp, last_week_on::timestamp, interval 7 days))::date as week_on
    from expected
),
final as (
    select
        calendar.publisher_id,
        coalesce(publishers.name, publishers.host) as publisher,
        calendar.week_on,
        coalesce(held.article_count, 0) as article_count,
        calendar.expected_volume,
        coalesce(held.article_count, 0) / calendar.expected_volume as volume_ratio,
        calendar.week_on in (calendar.first_week_on, calendar.last_week_on) as is_edge
    from calendar
    left join held on calendar.publisher_id = held.publisher_id and calendar.week_on = held.week_on
    left join publishers on calendar.publisher_id = publishers.publisher_id
    where coalesce(held.article_count, 0) < 0.25 * calendar.expected_volume
)
select * from final;

comment on view mart.coverage_gaps is 'One row per publisher and week, from its first to its last, with under a quarter of the articles to be expected';
comment on column mart.coverage_gaps.publisher_id is 'The publisher';
comment on column mart.coverage_gaps.publisher is 'Its name, or its host';
comment on column mart.coverage_gaps.week_on is 'The Monday the week begins with, UTC';
comment on column mart.coverage_gaps.article_count is 'Articles published in the week; 0 where there is none';
comment on column mart.coverage_gaps.expected_volume is 'Mean of the publisher''s 20 best weeks, or of all that have an article where these are fewer';
comment on column mart.coverage_gaps.volume_ratio is 'article_count of expected_volume, 0 up to 0.25';
comment on column mart.coverage_gaps.is_edge is 'Whether it is the publisher''s first or last week, of which a part may lie outside what was read';
