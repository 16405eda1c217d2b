-- Every source_id and every slug in sources is there once.
select source_id, count(*) as row_count
from sources
group by all
having count(*) > 1
union all
select slug, count(*)
from sources
group by all
having count(*) > 1
