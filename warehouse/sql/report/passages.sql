-- The passages of these pairs; pair n is the nth of both lists.
select
    article_a,
    a_start,
    a_end,
    article_b,
    b_start,
    b_end,
    kind
from passages
where (article_a, article_b) in (select unnest($a_ids::varchar[]), unnest($b_ids::varchar[]))
order by article_a, article_b, a_start, b_start, a_end, b_end
