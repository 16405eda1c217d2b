-- Whether these articles are origins, as their clusters stand now.
with changed as materialized (
    from staged_changes
)
update reuse.seeds
set is_origin = changed.is_origin
from changed
where seeds.article_key = changed.article_key
