-- Every article_id in cluster_members is there once.
select article_id, count(*) as row_count
from cluster_members
group by all
having count(*) > 1
