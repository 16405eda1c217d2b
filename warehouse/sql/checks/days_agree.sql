-- What is stored of articles and pairs has their days: what a batch reads is bounded by them.
with dated as (
    select article_id, ('0x' || article_id)::ubigint as article_key, published_at::date as day
    from articles
)
select 'cluster_members' as table_name, members.article_id, null as other_id, members.day
from cluster_members as members
inner join dated using (article_id)
where members.day is distinct from dated.day
union all
select 'reuse.components', components.article_id, null, components.day
from reuse.components
inner join dated using (article_id)
where components.day is distinct from dated.day
union all
select 'matches', matches.article_a, matches.article_b, matches.day
from matches
inner join dated as a on matches.article_a = a.article_id
inner join dated as b on matches.article_b = b.article_id
where matches.day is distinct from case when abs(a.day - b.day) <= 8 then least(a.day, b.day) end
union all
select 'passages', passages.article_a, passages.article_b, passages.day
from passages
inner join dated as a on passages.article_a = a.article_id
inner join dated as b on passages.article_b = b.article_id
where passages.day is distinct from case when abs(a.day - b.day) <= 8 then least(a.day, b.day) end
union all
select 'reuse.fingerprints', dated.article_id, null, prints.published_at::date
from reuse.fingerprints as prints
inner join dated using (article_key)
where prints.published_at::date is distinct from dated.day
