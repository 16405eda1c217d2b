-- A table's rows with the UTC month their article_a was published in, in order of it; null where unknown.
select listed.*, strftime(articles.published_at at time zone 'UTC', '%Y-%m') as month
from query_table($table) as listed
left join articles on listed.article_a = articles.article_id
order by month, listed.article_a
