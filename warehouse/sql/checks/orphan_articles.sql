-- Every article has its capture, its publisher and its current version, with the same text.
select articles.article_id
from articles
left join raw.pages as pages on articles.page_id = pages.page_id
left join publishers on articles.publisher_id = publishers.publisher_id
left join article_versions as versions
    on articles.article_id = versions.article_id and articles.version_no = versions.version_no
where
    pages.page_id is null
    or (articles.publisher_id is not null and publishers.publisher_id is null)
    or versions.body_sha256 is distinct from articles.body_sha256
