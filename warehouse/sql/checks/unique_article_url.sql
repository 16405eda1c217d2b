-- No two articles have the same address.
select url_key, count(*) as row_count
from articles
group by all
having count(*) > 1
