delete from reuse.lines where article_key in (from staged_keys)
