-- Own words and articles of each publisher, the one with the most articles first.
select
    publisher_id,
    publisher,
    sum(article_count)::bigint as article_count,
    sum(own_article_count)::bigint as own_article_count,
    sum(word_count)::bigint as word_count,
    sum(own_word_count)::bigint as own_word_count
from mart.publisher_originality
group by publisher_id, publisher
order by article_count desc, publisher nulls last, publisher_id
