-- Pairs of two publishers that share a seed, inside the time window, at least one an origin.
-- An article whose publisher is unknown counts as of its own publisher.
-- Materialized: a filter on 64-bit unsigned numbers must not be pushed into the Arrow table, which
-- cannot hold it.
with origins as (
    select ('0x' || origin_article_id)::ubigint as article_key from clusters
),
fresh as materialized (
    select seed, article_key, published_at, article_key in (from origins) as is_origin
    from staged_seeds
),
pair as (
    select distinct fresh.article_key as fresh_key, stored.article_key as stored_key
    from fresh
    inner join reuse.seeds as stored on fresh.seed = stored.seed
    where
        fresh.article_key <> stored.article_key
        and (fresh.is_origin or stored.article_key in (from origins))
        and (
            fresh.published_at is null
            or stored.published_at is null
            or abs(epoch(fresh.published_at) - epoch(stored.published_at)) <= $window_s
        )
),
published as (
    select ('0x' || article_id)::ubigint as article_key, publisher_id
    from articles
)
select distinct
    least(fresh_key, stored_key) as key_a,
    greatest(fresh_key, stored_key) as key_b
from pair
inner join published as a on a.article_key = fresh_key
inner join published as b on b.article_key = stored_key
where a.publisher_id is null or b.publisher_id is null or a.publisher_id <> b.publisher_id
