delete from ops.backfill_units where unit_id in (from staged_ids)
