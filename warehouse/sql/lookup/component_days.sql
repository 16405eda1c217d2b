-- The first and last day of all articles in the components of these, as far as they lie in these days,
-- and whether any is undated.
with held as materialized (
    from reuse.components where day between $first_day and $last_day
    union all
    from reuse.components where day is null
)
select
    min(day) as first_day,
    max(day) as last_day,
    coalesce(bool_or(day is null), false) as is_open
from held
where component_id in (
    select component_id from held where article_id in (from staged_ids)
)
