-- The seeds of these articles, with their days.
select distinct seed, day
from reuse.seeds
where article_key in (from staged_keys)
