-- What polling taught of these sources.
select *
from ops.source_state
where source_id in (from staged_ids)
