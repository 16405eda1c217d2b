-- Pages to fetch now, those of different hosts first; none of `staged_ids`, and if any sources are
-- named, only theirs.
select
    wanted.ledger_id,
    wanted.url,
    wanted.fetch_url,
    wanted.source_id,
    wanted.fetch_id,
    wanted.position,
    wanted.declared,
    wanted.fallback,
    wanted.fallback_declared,
    ledger.attempts,
    sources.publisher,
    sources.language,
    sources.timezone,
    sources.is_precision_favored
from ops.wanted_pages as wanted
inner join ops.ledger as ledger on wanted.ledger_id = ledger.ledger_id
left join sources on wanted.source_id = sources.source_id
where
    ledger.state = 'pending'
    and ledger.next_attempt_at <= $now
    and wanted.ledger_id not in (from staged_ids)
    and (not $is_restricted or wanted.source_id in (from staged_sources))
order by
    row_number() over (
        partition by regexp_extract(wanted.url, '^\w+://([^/]*)', 1)
        order by ledger.next_attempt_at, wanted.ledger_id
    ),
    wanted.ledger_id
limit $page_count
