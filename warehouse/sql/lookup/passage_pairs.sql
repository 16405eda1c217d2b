-- Pairs of two publishers, one of these articles among them, that may share a passage: a reprint with
-- the origin of its cluster, and any two that share a seed inside the time window, at least one the
-- first of its cluster to have it and at least one among the first of its day.
-- An article whose publisher is unknown counts as of its own publisher.
with chosen as materialized (
    select seed, article_key, published_at, publisher_id, is_first, is_leader
    from reuse.seeds
    where
        article_key in (from staged_keys)
        and not is_furniture
        and (day between $first_day and $last_day or day is null)
),
sharing as (
    select distinct chosen.article_key as chosen_key, stored.article_key as stored_key
    from chosen
    inner join reuse.seeds as stored on chosen.seed = stored.seed
    where
        chosen.article_key <> stored.article_key
        and not stored.is_furniture
        and (chosen.is_leader or stored.is_leader)
        and (chosen.is_first or stored.is_first)
        and (stored.day between $first_day and $last_day or stored.day is null)
        and coalesce(chosen.publisher_id <> stored.publisher_id, true)
        and (
            chosen.published_at is null
            or stored.published_at is null
            or abs(epoch(chosen.published_at) - epoch(stored.published_at)) <= $window_s
        )
)
select distinct
    least(chosen_key, stored_key) as key_a,
    greatest(chosen_key, stored_key) as key_b
from sharing
union
select
    least(first_key, second_key),
    greatest(first_key, second_key)
from staged_reprints
