with changed as materialized (
    from staged_changes
)
update reuse.bands
set is_leader = changed.leads
from changed
where
    bands.band = changed.band
    and bands.article_key = changed.article_key
    and bands.day = date '0001-01-01'
