-- When these articles were published, those published in these days or undated.
-- The undated are found first by themselves: together with the keys DuckDB would test the keys of the
-- whole table.
with undated as materialized (
    select article_key, published_at from reuse.fingerprints where published_at is null
)
select article_key, published_at
from (
    select article_key, published_at
    from reuse.fingerprints
    where published_at >= $first_day and published_at < $last_day + 1
    union all
    from undated
)
where article_key in (from staged_keys)
