-- The lines of these articles, as their publishers have them in a month; they were published in these
-- months or are undated.
select distinct publisher_id, month, line
from (
    from reuse.lines where month between $first_month and $last_month
    union all
    from reuse.lines where month = 0
)
where article_key in (from staged_keys)
