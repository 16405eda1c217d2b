-- The bands of these articles, with their days.
select distinct band, day
from reuse.bands
where article_key in (from staged_keys) and (day between $first_day and $last_day or day is null)
