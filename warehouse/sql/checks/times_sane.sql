-- No article is published before the web or more than two days after its capture.
select article_id, published_at, fetched_at
from articles
where published_at < timestamptz '1995-01-01 00:00:00+00' or published_at > fetched_at + interval 2 days
