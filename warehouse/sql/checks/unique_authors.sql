-- Every author_id in authors is there once.
select author_id, count(*) as row_count
from authors
group by all
having count(*) > 1
