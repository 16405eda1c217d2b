-- These articles as a reader needs them; body_length is in characters, body no longer than the limit.
select
    articles.article_id,
    articles.headline,
    articles.body[:$body_limit] as body,
    length(articles.body) as body_length,
    articles.url,
    articles.language,
    articles.published_at,
    articles.published_precision,
    articles.word_count,
    coalesce(publishers.name, publishers.host) as publisher,
    exists (
        select 1
        from article_agencies as roles
        where roles.article_id = articles.article_id and roles.role = 'self'
    ) as is_self,
    (
        select string_agg(agencies.name, '; ' order by agencies.name)
        from article_agencies as roles
        inner join agencies on roles.agency_id = agencies.agency_id
        where roles.article_id = articles.article_id
    ) as agency,
    (
        select string_agg(authors.name, ', ' order by places.position)
        from article_authors as places
        inner join authors on places.author_id = authors.author_id
        where places.article_id = articles.article_id
    ) as authors
from articles
left join publishers on articles.publisher_id = publishers.publisher_id
where articles.article_id in (select unnest($article_ids::varchar[]))
