delete from ops.wanted_pages where ledger_id in (from staged_ids)
