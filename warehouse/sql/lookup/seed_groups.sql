-- The seeds of these articles, with their days.
select distinct seed, day
from (
    from reuse.seeds where day between $first_day and $last_day
    union all
    from reuse.seeds where day = date '0001-01-01'
)
where article_key in (from staged_keys)
