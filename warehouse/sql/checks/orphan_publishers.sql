-- Publishers have articles, tags are of articles.
select publisher_id
from publishers
where publisher_id not in (select publisher_id from articles where publisher_id is not null)
union all
select article_id
from article_tags
where article_id not in (select article_id from articles)
