-- Count the sightings of these fetches, with what was counted of their days before.
insert into ops.retired_entries by name
select
    fetches.fetched_at::date as fetched_on,
    fetches.source_id,
    fetches.kind,
    coalesce(entries.outcome, fetches.outcome) as outcome,
    coalesce(entries.reason, fetches.reason) as reason,
    count(distinct fetches.fetch_id) as fetch_count,
    count(entries.fetch_id) as entry_count
from ops.fetches as fetches
left join ops.entries as entries on fetches.fetch_id = entries.fetch_id
where fetches.fetch_id in (from staged_ids)
group by all
