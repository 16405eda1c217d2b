delete from reuse.bands where article_key in (from staged_keys)
