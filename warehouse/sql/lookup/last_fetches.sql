-- The last time each of these was read.
select url, fetch_id, fetched_at, outcome, reason, payload_sha256, entries_seen
from ops.fetches
where url in (from staged_ids)
qualify row_number() over (partition by url order by fetched_at desc, fetch_id) = 1
