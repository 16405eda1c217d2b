-- The feeds and sitemaps a run could not read, and why.
select
    coalesce(sources.slug, fetches.source_id) as source,
    fetches.url,
    fetches.reason,
    fetches.status_code
from ops.fetches as fetches
left join sources on fetches.source_id = sources.source_id
where
    fetches.run_id = $run_id
    and fetches.outcome = 'failed'
    and fetches.kind in ('feed', 'sitemap')
order by source, fetches.url
limit 500
