-- Every fetch is there once.
select fetch_id, count(*) as row_count
from ops.fetches
group by all
having count(*) > 1
