-- Pairs of two publishers, one of these articles among them, that may share a passage: a reprint with
-- the origin of its cluster, and any two that share a seed inside the time window, at least one the
-- first of its cluster to have it and at least one among the first of its day.
-- An article whose publisher is unknown counts as of its own publisher.
-- Two joins, with leaders on one side or the other: what very many share would else meet pair by pair.
with chosen as materialized (
    select seed, article_key, published_at, publisher_id, is_first, is_leader
    from (
        from reuse.seeds where day between $first_day and $last_day
        union all
        from reuse.seeds where day = date '0001-01-01'
    )
    where article_key in (from staged_keys) and not is_furniture
),
sharing as (
    select distinct
        chosen.article_key as chosen_key,
        stored.article_key as stored_key,
        chosen.published_at as chosen_at,
        stored.published_at as stored_at,
        chosen.publisher_id as chosen_publisher_id,
        stored.publisher_id as stored_publisher_id
    from chosen
    inner join (
        from reuse.seeds where day between $first_day and $last_day
        union all
        from reuse.seeds where day = date '0001-01-01'
    ) as stored on chosen.seed = stored.seed
    where stored.is_leader and (chosen.is_first or stored.is_first)
    union all
    select distinct
        chosen.article_key,
        stored.article_key,
        chosen.published_at,
        stored.published_at,
        chosen.publisher_id,
        stored.publisher_id
    from chosen
    inner join (
        from reuse.seeds where day between $first_day and $last_day
        union all
        from reuse.seeds where day = date '0001-01-01'
    ) as stored on chosen.seed = stored.seed
    where
        chosen.is_leader
        and not stored.is_leader
        and not stored.is_furniture
        and (chosen.is_first or stored.is_first)
)
select
    least(chosen_key, stored_key) as key_a,
    greatest(chosen_key, stored_key) as key_b
from sharing
where
    chosen_key <> stored_key
    and coalesce(chosen_publisher_id <> stored_publisher_id, true)
    and (
        chosen_at is null
        or stored_at is null
        or abs(epoch(chosen_at) - epoch(stored_at)) <= $window_s
    )
union
select
    least(first_key, second_key),
    greatest(first_key, second_key)
from staged_reprints
