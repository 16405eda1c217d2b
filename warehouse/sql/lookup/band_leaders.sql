-- The rows of these bands and days whose place among the first of the day has changed.
with touched as materialized (
    select distinct band, day from staged_groups
),
ranked as (
    select
        stored.band,
        stored.article_key,
        stored.is_leader,
        row_number() over (
            partition by stored.band, stored.day
            order by stored.published_at, stored.article_key
        ) <= $leader_count as leads
    from reuse.bands as stored
    inner join touched on stored.band = touched.band and stored.day is not distinct from touched.day
    where stored.day between $first_day and $last_day or stored.day is null
)
select band, article_key, leads
from ranked
where leads <> is_leader
