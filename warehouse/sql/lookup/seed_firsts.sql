-- The seeds of the members of these clusters that are the first of their cluster now and were not, or
-- the other way round. What stands on furniture is never first.
with member as materialized (
    select article_key, cluster_id, is_origin from staged_members
),
ranked as (
    select
        seeds.seed,
        seeds.day,
        seeds.article_key,
        seeds.is_first as was_first,
        not seeds.is_furniture and row_number() over (
            partition by member.cluster_id, seeds.seed
            order by seeds.is_furniture, not member.is_origin, seeds.published_at, seeds.article_key
        ) = 1 as is_first
    from (
        from reuse.seeds where day between $first_day and $last_day
        union all
        from reuse.seeds where day = date '0001-01-01'
    ) as seeds
    inner join member on seeds.article_key = member.article_key
)
select seed, day, article_key, is_first
from ranked
where is_first <> was_first
