-- These articles with the origins of their clusters, and where they are origins, with all reprints;
-- the members of their clusters lie in these days or are undated.
with held as materialized (
    from cluster_members where day between $first_day and $last_day
    union all
    from cluster_members where day is null
),
pair as (
    select reprints.article_id, origins.article_id as origin_article_id
    from held as reprints
    inner join held as origins on reprints.cluster_id = origins.cluster_id
    where
        reprints.role = 'reprint'
        and origins.role = 'origin'
        and (
            reprints.article_id in (from staged_ids)
            or origins.article_id in (from staged_ids)
        )
),
-- By themselves first: together with the ids DuckDB would test the ids of the whole table.
undated as materialized (
    select article_id, publisher_id from articles where published_at is null
),
article as (
    select article_id, publisher_id
    from articles
    where published_at >= $first_day and published_at < $last_day + 1
    union all
    from undated
)
select
    ('0x' || pair.article_id)::ubigint as first_key,
    ('0x' || pair.origin_article_id)::ubigint as second_key
from pair
inner join article as reprint on pair.article_id = reprint.article_id
inner join article as origin on pair.origin_article_id = origin.article_id
where coalesce(reprint.publisher_id <> origin.publisher_id, true)
