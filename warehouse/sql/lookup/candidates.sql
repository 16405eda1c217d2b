-- Pairs that share a band of their signatures, inside the time window; an unknown date is inside.
select distinct
    least(fresh.article_key, stored.article_key) as key_a,
    greatest(fresh.article_key, stored.article_key) as key_b
from staged_bands as fresh
inner join reuse.bands as stored on fresh.band = stored.band
where
    fresh.article_key <> stored.article_key
    and (
        fresh.published_at is null
        or stored.published_at is null
        or abs(epoch(fresh.published_at) - epoch(stored.published_at)) <= $window_s
    )
