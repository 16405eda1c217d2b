-- The bands of these articles, with their days.
select distinct band, day
from (
    from reuse.bands where day between $first_day and $last_day
    union all
    from reuse.bands where day = date '0001-01-01'
)
where article_key in (from staged_keys)
