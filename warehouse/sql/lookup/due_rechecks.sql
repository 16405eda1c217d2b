-- Pages to look at again now, those of different hosts first; none of `staged_ids`, and if any
-- sources are named, only theirs.
select
    checks.ledger_id,
    checks.url,
    checks.source_id,
    sources.publisher,
    sources.language,
    sources.timezone,
    sources.is_precision_favored
from ops.rechecks as checks
left join sources on checks.source_id = sources.source_id
where
    checks.next_check_at <= $now
    and checks.ledger_id not in (from staged_ids)
    and (not $is_restricted or checks.source_id in (from staged_sources))
order by
    row_number() over (
        partition by regexp_extract(checks.url, '^\w+://([^/]*)', 1)
        order by checks.next_check_at, checks.ledger_id
    ),
    checks.ledger_id
limit $page_count
