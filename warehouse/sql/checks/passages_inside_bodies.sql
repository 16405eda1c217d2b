-- A passage lies inside both bodies and is of two publishers.
-- The bodies are measured first: joined whole, they would not fit in memory.
with measured as materialized (
    select article_id, publisher_id, length(body) as body_length from articles
)
select passages.article_a, passages.article_b
from passages
left join measured as a on passages.article_a = a.article_id
left join measured as b on passages.article_b = b.article_id
where
    a.article_id is null
    or b.article_id is null
    or passages.article_a >= passages.article_b
    or not (0 <= a_start and a_start < a_end and a_end <= a.body_length)
    or not (0 <= b_start and b_start < b_end and b_end <= b.body_length)
    or a.publisher_id = b.publisher_id
