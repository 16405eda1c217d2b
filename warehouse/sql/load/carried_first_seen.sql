-- When an article was first seen is known to nobody but the former file.
update articles
set first_seen_at = known.first_seen_at
from former.main.articles as known
where known.article_id = articles.article_id
