-- The seeds of these articles, with their days.
select distinct seed, day
from reuse.seeds
where article_key in (from staged_keys) and (day between $first_day and $last_day or day is null)
