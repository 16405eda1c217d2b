-- Authors belong to articles and articles to authors.
select article_authors.article_id, article_authors.author_id
from article_authors
left join articles on article_authors.article_id = articles.article_id
left join authors on article_authors.author_id = authors.author_id
where articles.article_id is null or authors.author_id is null
union all
select null, author_id
from authors
where author_id not in (select author_id from article_authors)
