select unit_id, state, attempt_count, entry_count, passed_count, pending_count, byte_offset
from ops.backfill_units
where unit_id in (from staged_ids)
