-- The shingles of these articles, those published in these days or undated.
-- The undated are found first by themselves: together with the keys DuckDB would test the keys of the
-- whole table.
with undated as materialized (
    select article_key from reuse.fingerprints where published_at is null
)
select article_key, shingles
from reuse.fingerprints
where
    published_at >= $first_day
    and published_at < $last_day + 1
    and article_key in (from staged_keys)
union all
select article_key, shingles
from reuse.fingerprints
where
    published_at is null
    and article_key in (select article_key from undated where article_key in (from staged_keys))
