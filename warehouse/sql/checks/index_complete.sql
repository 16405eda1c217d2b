-- The index holds every article once, its lines under its publisher, and nothing else.
with held as (
    select ('0x' || article_id)::ubigint as article_key, article_id, publisher_id from articles
),
component as (
    select article_id, count(*) as row_count from reuse.components group by all
),
print as (
    select article_key, count(*) as row_count from reuse.fingerprints group by all
)
select held.article_id, component.article_id as component, print.article_key as print
from held
full join component on held.article_id = component.article_id
full join print on held.article_key = print.article_key
where
    held.article_id is null
    or component.row_count is distinct from 1
    or print.row_count is distinct from 1
union all
select 'reuse.bands', null, article_key
from reuse.bands
where article_key not in (select article_key from held)
union all
select 'reuse.seeds', null, article_key
from reuse.seeds
where article_key not in (select article_key from held)
union all
select 'reuse.lines', null, lines.article_key
from reuse.lines
left join held on lines.article_key = held.article_key
where held.article_key is null or lines.publisher_id <> coalesce(held.publisher_id, '')
union all
select 'reuse.furniture', furniture.publisher_id, furniture.line
from reuse.furniture
anti join reuse.lines using (publisher_id, month, line)
union all
select 'reuse.furniture twice', publisher_id, line
from reuse.furniture
group by publisher_id, month, line
having count(*) > 1
