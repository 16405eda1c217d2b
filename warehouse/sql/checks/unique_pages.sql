-- Every capture is there once.
select page_id, count(*) as row_count
from raw.pages
group by all
having count(*) > 1
