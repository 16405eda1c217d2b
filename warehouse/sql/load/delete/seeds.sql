delete from reuse.seeds where article_key in (from staged_keys)
