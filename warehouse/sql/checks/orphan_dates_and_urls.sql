-- Stated times and addresses are of articles.
select article_id, raw as detail
from article_dates
where article_id not in (select article_id from articles)
union all
select article_id, url
from article_urls
where article_id not in (select article_id from articles)
