-- Pairs that share a band of their signatures, inside the time window; an unknown date is inside.
-- Materialized: a filter on 64-bit unsigned numbers must not be pushed into the Arrow table, which
-- cannot hold it.
with fresh as materialized (
    select band, article_key, published_at from staged_bands
)
select distinct
    least(fresh.article_key, stored.article_key) as key_a,
    greatest(fresh.article_key, stored.article_key) as key_b
from fresh
inner join reuse.bands as stored on fresh.band = stored.band
where
    fresh.article_key <> stored.article_key
    and (
        fresh.published_at is null
        or stored.published_at is null
        or abs(epoch(fresh.published_at) - epoch(stored.published_at)) <= $window_s
    )
