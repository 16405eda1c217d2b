-- The articles of all matches that have one of these, in the days of the matches or without one.
select distinct unnest([article_a, article_b]) as article_id
from (
    from matches where day between $first_day and $last_day
    union all
    from matches where day is null
)
where article_a in (from staged_ids) or article_b in (from staged_ids)
