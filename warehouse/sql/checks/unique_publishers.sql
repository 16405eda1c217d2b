-- Every publisher_id in publishers is there once.
select publisher_id, count(*) as row_count
from publishers
group by all
having count(*) > 1
