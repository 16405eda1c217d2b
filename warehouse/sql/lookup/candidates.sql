-- Pairs with one of these articles that share a band, inside the time window (an unknown date is
-- inside), and one of them is among the first of its day that had the band.
-- Two joins, with leaders on one side or the other: what very many share would else meet pair by pair.
with chosen as materialized (
    select band, article_key, published_at, is_leader
    from (
        from reuse.bands where day between $first_day and $last_day
        union all
        from reuse.bands where day = date '0001-01-01'
    )
    where article_key in (from staged_keys)
),
sharing as (
    select
        chosen.article_key as chosen_key,
        stored.article_key as stored_key,
        chosen.published_at as chosen_at,
        stored.published_at as stored_at
    from chosen
    inner join (
        from reuse.bands where day between $first_day and $last_day
        union all
        from reuse.bands where day = date '0001-01-01'
    ) as stored on chosen.band = stored.band
    where stored.is_leader
    union all
    select chosen.article_key, stored.article_key, chosen.published_at, stored.published_at
    from chosen
    inner join (
        from reuse.bands where day between $first_day and $last_day
        union all
        from reuse.bands where day = date '0001-01-01'
    ) as stored on chosen.band = stored.band
    where chosen.is_leader and not stored.is_leader
)
select distinct
    least(chosen_key, stored_key) as key_a,
    greatest(chosen_key, stored_key) as key_b
from sharing
where
    chosen_key <> stored_key
    and (
        chosen_at is null
        or stored_at is null
        or abs(epoch(chosen_at) - epoch(stored_at)) <= $window_s
    )
