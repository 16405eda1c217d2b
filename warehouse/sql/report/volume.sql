-- Articles by UTC day, with and without wire copy; those of unknown day first, in a row without one.
select
    published_on,
    sum(article_count)::bigint as article_count,
    sum(own_article_count)::bigint as own_article_count
from mart.attention_by_day
group by published_on
order by published_on nulls first
