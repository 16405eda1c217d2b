-- Tags are of articles.
select article_id, tag
from article_tags
where article_id not in (select article_id from articles)
