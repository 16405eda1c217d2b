-- The wire copy of every article is counted, once, and is no more than its words.
with counted as (
    select
        article_id,
        count(*) as row_count,
        min(least(wire_word_count, own_word_count)) as least_count,
        max(wire_word_count) as wire_word_count,
        max(own_word_count) as own_word_count
    from mart.wire_words
    group by all
)
select articles.article_id, counted.article_id as counted_id, counted.row_count
from articles
full join counted on articles.article_id = counted.article_id
where
    articles.article_id is null
    or counted.row_count is distinct from 1
    or counted.least_count < 0
    or counted.wire_word_count > articles.word_count
    or counted.own_word_count > articles.word_count
