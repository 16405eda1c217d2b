update ops.entries
set outcome = staged.outcome, reason = staged.reason, detail = staged.detail
from staged_outcomes as staged
where entries.fetch_id = staged.fetch_id and entries.position = staged.position
