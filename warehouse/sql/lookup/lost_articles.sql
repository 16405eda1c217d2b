-- Articles of the former file that this one does not have.
select article_id, url
from former.main.articles
where article_id not in (select article_id from articles)
order by article_id
