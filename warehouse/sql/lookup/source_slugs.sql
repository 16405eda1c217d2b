select source_id, slug from sources where source_id in (from staged_ids)
