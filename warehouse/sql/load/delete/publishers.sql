delete from publishers where publisher_id in (from staged_ids)
