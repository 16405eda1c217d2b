-- The shingles of these articles, those published in these days or undated.
select article_key, shingles
from (
    from reuse.fingerprints where published_at >= $first_day and published_at < $last_day + 1
    union all
    from reuse.fingerprints where published_at is null
)
where article_key in (from staged_keys)
