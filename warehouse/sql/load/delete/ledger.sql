delete from ops.ledger where ledger_id in (from staged_ids)
