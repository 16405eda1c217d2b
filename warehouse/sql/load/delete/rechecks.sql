delete from ops.rechecks where ledger_id in (from staged_ids)
