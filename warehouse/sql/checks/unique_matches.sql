-- Every pair is matched once, the lesser id first.
select article_a, article_b, count(*) as row_count
from matches
group by all
having count(*) > 1 or article_a >= article_b
