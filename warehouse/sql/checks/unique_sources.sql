-- Every source_id in sources is there once.
select source_id, count(*) as row_count
from sources
group by all
having count(*) > 1
