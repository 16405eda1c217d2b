-- Every article is in exactly one cluster, every member is an article.
select articles.article_id, members.article_id as member_id
from articles
full join cluster_members as members on articles.article_id = members.article_id
where articles.article_id is null or members.article_id is null
