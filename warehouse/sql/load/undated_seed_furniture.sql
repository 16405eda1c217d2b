-- Whether these lines of these articles are furniture, as it is told apart now.
with changed as materialized (
    from staged_changes
)
update reuse.seeds
set is_furniture = changed.is_furniture
from changed
where
    seeds.article_key = changed.article_key
    and seeds.line = changed.line
    and seeds.day = date '0001-01-01'
