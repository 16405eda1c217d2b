-- The rows of these bands and days whose place among the first of the day has changed.
with touched as materialized (
    select distinct band, day from staged_groups
),
ranked as (
    select
        stored.band,
        stored.day,
        stored.article_key,
        stored.is_leader,
        row_number() over (
            partition by stored.band, stored.day
            order by stored.published_at, stored.article_key
        ) <= $leader_count as leads
    from (
        from reuse.bands where day between $first_day and $last_day
        union all
        from reuse.bands where day = date '0001-01-01'
    ) as stored
    inner join touched on stored.band = touched.band and stored.day = touched.day
)
select band, day, article_key, leads
from ranked
where leads <> is_leader
