-- Every source, the one with the most articles first.
select
    source_id,
    slug,
    kind,
    article_count,
    measured_article_count,
    median_s,
    p95_s,
    last_published_at,
    last_loaded_at
from mart.freshness
order by article_count desc, slug, source_id
