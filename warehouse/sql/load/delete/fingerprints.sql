delete from reuse.fingerprints where article_key in (from staged_keys)
