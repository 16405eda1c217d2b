-- Inputs whose article is gone, because no capture of it can be read: one more event for each.
insert into ops.ledger_events by name
select
    ledger.ledger_id,
    coalesce(max(events.seq), 0) + 1 as seq,
    $run_id as run_id,
    'quarantined' as state,
    'unreadable' as reason,
    $now as at_utc
from ops.ledger as ledger
left join ops.ledger_events as events on ledger.ledger_id = events.ledger_id
where ledger.article_id is not null and ledger.article_id not in (select article_id from articles)
group by ledger.ledger_id
