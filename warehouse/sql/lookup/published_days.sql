-- The first and last day on which these articles were published, and whether any is undated.
select
    min(published_at)::date as first_day,
    max(published_at)::date as last_day,
    coalesce(bool_or(published_at is null), false) as is_open
from reuse.fingerprints
where article_key in (from staged_keys)
