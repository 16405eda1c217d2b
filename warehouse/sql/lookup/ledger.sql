-- The ledger rows of these inputs, and of all other inputs that lead to the same articles.
select ledger_id, url_key, state, reason, attempts, next_attempt_at, article_id
from ops.ledger
where ledger_id in (from staged_ids) or article_id in (from staged_articles)
