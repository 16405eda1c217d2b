-- No article and no version was read from an answer that says there was an error.
select article_id, page_id, status_code
from article_versions
inner join raw.pages using (page_id)
where status_code >= 400
union all
select article_id, page_id, status_code
from articles
inner join raw.pages using (page_id)
where status_code >= 400
