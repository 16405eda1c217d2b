-- The articles of all passages that have one of these, in the days of the passages or without one.
select distinct unnest([article_a, article_b]) as article_id
from (
    from passages where day between $first_day and $last_day
    union all
    from passages where day is null
)
where article_a in (from staged_ids) or article_b in (from staged_ids)
