delete from sources where source_id in (from staged_ids)
