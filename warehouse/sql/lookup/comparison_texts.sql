select articles.article_id, articles.body, articles.language, fingerprints.prose
from articles
inner join reuse.fingerprints
    on fingerprints.article_key = ('0x' || articles.article_id)::ubigint
where articles.article_id in (from staged_ids)
