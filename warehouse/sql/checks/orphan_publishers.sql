-- Every publisher has an article.
select publisher_id
from publishers
where publisher_id not in (select publisher_id from articles where publisher_id is not null)
