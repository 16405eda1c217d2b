-- A source has a publisher where all articles it led to, itself or through the sitemaps it names,
-- have the same one. What it once led to counts for as long as that is a publisher, for old
-- sightings are cleared away.
update sources
set publisher_id = settled.publisher_id
from (
    with led as (
        select
            coalesce(origins.parent_id, origins.source_id) as source_id,
            min(articles.publisher_id) as first_id,
            max(articles.publisher_id) as last_id
        from ops.entries as entries
        inner join sources as origins on entries.source_id = origins.source_id
        inner join ops.ledger as ledger on entries.ledger_id = ledger.ledger_id
        inner join articles on ledger.article_id = articles.article_id
        where articles.publisher_id is not null
        group by all
    )
    select
        each.source_id,
        case
            when led.source_id is null
                then (select min(publisher_id) from publishers where publisher_id = each.publisher_id)
            when led.first_id = led.last_id then led.first_id
        end as publisher_id
    from sources as each
    left join led on coalesce(each.parent_id, each.source_id) = led.source_id
) as settled
where
    sources.source_id = settled.source_id
    and sources.publisher_id is distinct from settled.publisher_id
