-- Every article_id in articles is there once.
select article_id, count(*) as row_count
from articles
group by all
having count(*) > 1
