-- Pairs with one of these articles that share a band, inside the time window (an unknown date is
-- inside), and one of them is among the first of its day that had the band.
with chosen as materialized (
    select band, article_key, published_at, is_leader
    from reuse.bands
    where article_key in (from staged_keys) and (day between $first_day and $last_day or day is null)
)
select distinct
    least(chosen.article_key, stored.article_key) as key_a,
    greatest(chosen.article_key, stored.article_key) as key_b
from chosen
inner join reuse.bands as stored on chosen.band = stored.band
where
    chosen.article_key <> stored.article_key
    and (chosen.is_leader or stored.is_leader)
    and (stored.day between $first_day and $last_day or stored.day is null)
    and (
        chosen.published_at is null
        or stored.published_at is null
        or abs(epoch(chosen.published_at) - epoch(stored.published_at)) <= $window_s
    )
