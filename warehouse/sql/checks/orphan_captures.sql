-- Captures of an article belong to an article and to a page, and its newest is the one it shows.
select captures.article_id, captures.page_id
from article_pages as captures
left join articles on captures.article_id = articles.article_id
left join raw.pages as pages on captures.page_id = pages.page_id
where
    articles.article_id is null
    or pages.page_id is null
    or captures.fetched_at is distinct from pages.fetched_at
    or captures.fetched_at > articles.fetched_at
union all
select article_id, page_id
from articles
where (article_id, page_id) not in (select (article_id, page_id) from article_pages)
