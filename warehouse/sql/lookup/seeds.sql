select seed, article_key, published_at
from reuse.seeds
where article_key in (from staged_keys)
