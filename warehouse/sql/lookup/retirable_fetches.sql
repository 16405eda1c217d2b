-- Fetches over the web that ended before a day, whose sightings nothing refers to any more.
select fetch_id
from ops.fetches
where
    fetched_at < $before
    and outcome <> 'reading'
    and kind in ('feed', 'sitemap', 'page', 'index')
    and fetch_id not in (select fetch_id from ops.backfill_units)
    and fetch_id not in (select fetch_id from ops.wanted_pages)
    and fetch_id not in (select fetch_id from ops.entries where outcome = 'pending')
