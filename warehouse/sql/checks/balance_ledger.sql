-- A loaded input has its article, an article exactly one loaded input, anything else a reason.
select ledger_id, state, reason
from ops.ledger
where
    (state = 'loaded') <> (reason is null)
    or (state in ('loaded', 'duplicate')) <> (article_id is not null)
    or article_id not in (select article_id from articles)
    or (state = 'pending') <> (next_attempt_at is not null)
union all
select articles.article_id, 'articles', null
from articles
left join ops.ledger as ledger
    on articles.article_id = ledger.article_id and ledger.state = 'loaded'
group by all
having count(ledger.ledger_id) <> 1
