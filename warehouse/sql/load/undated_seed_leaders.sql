with changed as materialized (
    from staged_changes
)
update reuse.seeds
set is_leader = changed.leads
from changed
where
    seeds.seed = changed.seed
    and seeds.article_key = changed.article_key
    and seeds.day = date '0001-01-01'
