-- Every cluster_id in clusters is there once.
select cluster_id, count(*) as row_count
from clusters
group by all
having count(*) > 1
