update ops.ledger
set
    state = 'quarantined',
    reason = 'unreadable',
    article_id = null,
    next_attempt_at = null,
    last_run_id = $run_id
where article_id is not null and article_id not in (select article_id from articles)
