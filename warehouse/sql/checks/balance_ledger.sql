-- A loaded input has its article, an article exactly one loaded input, anything else a reason.
-- What is pending has a time, and was not tried too often.
select ledger_id, state, reason
from ops.ledger
where
    (state = 'loaded') <> (reason is null)
    or (state in ('loaded', 'duplicate')) <> (article_id is not null)
    -- A null is not in an empty set, for DuckDB, so a warehouse without articles needs the first half.
    or (article_id is not null and article_id not in (select article_id from articles))
    or (state = 'pending') <> (next_attempt_at is not null)
    or (state = 'pending' and attempts > 10)
union all
select articles.article_id, 'articles', null
from articles
left join ops.ledger as ledger
    on articles.article_id = ledger.article_id and ledger.state = 'loaded'
-- An address whose page changed its canonical link leads to a newer article: the older one has none.
where
    ledger.ledger_id is not null
    or not exists (
        from article_urls as own
        inner join article_urls as other
            on split_part(own.url, '?', 1) = split_part(other.url, '?', 1) and own.article_id <> other.article_id
        where own.article_id = articles.article_id and own.kind = 'fetched' and other.kind = 'fetched'
    )
group by all
having count(ledger.ledger_id) <> 1
