-- A unit of a backfill has come as far as its fetch, there is one row for it, and its run exists.
select units.unit_id, units.entry_count, fetches.entries_seen
from ops.backfill_units as units
left join ops.fetches as fetches on units.fetch_id = fetches.fetch_id
where
    fetches.entries_seen is distinct from units.entry_count
    or units.run_id not in (select run_id from ops.runs)
union all
select unit_id, count(*), null
from ops.backfill_units
group by unit_id
having count(*) > 1
