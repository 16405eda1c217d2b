-- Every version belongs to an article and to a capture, and none is later than the current one.
select versions.article_id, versions.version_no
from article_versions as versions
left join articles on versions.article_id = articles.article_id
left join raw.pages as pages on versions.page_id = pages.page_id
where articles.article_id is null or pages.page_id is null or versions.version_no > articles.version_no
