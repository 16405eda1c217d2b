-- Those of these articles that the index holds.
with asked as materialized (
    select id, try_cast('0x' || id as ubigint) as article_key from staged_ids
)
select asked.id as article_id
from asked
where asked.article_key in (select article_key from reuse.fingerprints)
