-- The rows of these seeds and days whose place among the first of the day has changed. Firsts
-- of clusters come before others; what stands on furniture never leads.
with touched as materialized (
    select distinct seed, day from staged_groups
),
ranked as (
    select
        stored.seed,
        stored.day,
        stored.article_key,
        stored.is_leader,
        not stored.is_furniture and row_number() over (
            partition by stored.seed, stored.day
            order by stored.is_furniture, not stored.is_first, stored.published_at, stored.article_key
        ) <= $leader_count as leads
    from (
        from reuse.seeds where day between $first_day and $last_day
        union all
        from reuse.seeds where day = date '0001-01-01'
    ) as stored
    inner join touched on stored.seed = touched.seed and stored.day = touched.day
)
select seed, day, article_key, leads
from ranked
where leads <> is_leader
