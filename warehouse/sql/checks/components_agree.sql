-- A component is named by its least article, and no match and no cluster reaches out of one.
select component_id, article_id, 'least id' as rule
from reuse.components
where component_id not in (select article_id from reuse.components) or article_id < component_id
union all
select matches.article_a, matches.article_b, 'match'
from matches
left join reuse.components as a on matches.article_a = a.article_id
left join reuse.components as b on matches.article_b = b.article_id
where matches.kind = 'near_duplicate' and a.component_id is distinct from b.component_id
union all
select cluster_id, null, 'cluster'
from cluster_members
left join reuse.components as components using (article_id)
group by all
having count(distinct components.component_id) > 1
