select article_key, shingles
from reuse.fingerprints
where article_key in (from staged_keys)
