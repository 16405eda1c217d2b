-- The inputs that these other keys stand for.
select alias_id, ledger_id
from ops.entry_aliases
where alias_id in (from staged_ids)
