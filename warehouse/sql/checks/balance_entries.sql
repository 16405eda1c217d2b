-- Every entry a fetch has seen is a row, numbered from 0 without a gap, and has a ledger row.
select fetches.fetch_id, fetches.entries_seen, count(entries.position) as entry_count
from ops.fetches as fetches
left join ops.entries as entries on fetches.fetch_id = entries.fetch_id
group by all
having
    fetches.entries_seen <> count(entries.position)
    or count(entries.position) <> count(distinct entries.position)
    or min(entries.position) <> 0
    or max(entries.position) <> count(entries.position) - 1
union all
select entries.fetch_id, null, null
from ops.entries as entries
where
    entries.ledger_id not in (select ledger_id from ops.ledger)
    or entries.fetch_id not in (select fetch_id from ops.fetches)
