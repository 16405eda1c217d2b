-- Fetches that failed, by kind and reason, the most frequent first.
select
    kind,
    reason,
    count(*) as fetch_count,
    max(fetched_at) as last_failed_at
from ops.fetches
where outcome = 'failed'
group by kind, reason
order by fetch_count desc, kind, reason
