-- Articles that were never compared, or compared under another version of the normalisation.
select articles.article_id
from articles
anti join reuse.fingerprints as prints
    on prints.article_key = ('0x' || articles.article_id)::ubigint and prints.norm_version = $norm_version
order by articles.article_id
