-- These fetches themselves: a file put back with its old time is one that was read before.
select url, fetch_id, fetched_at, outcome, reason, payload_sha256, entries_seen
from ops.fetches
where fetch_id in (from staged_ids)
