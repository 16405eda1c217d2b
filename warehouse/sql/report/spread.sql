-- How these clusters spread: a row for each publisher, in the order in which they had the text. A
-- day takes its place at its end, as in the view: 36 hours after its midnight in UTC.
select
    spread.cluster_id,
    clusters.origin_article_id,
    spread.publisher,
    spread.is_origin,
    spread.first_article_id,
    spread.first_published_at,
    spread.published_precision,
    case spread.published_precision
        when 'day' then spread.first_published_at + interval 36 hours
        else spread.first_published_at
    end as placed_at,
    spread.article_count,
    spread.publisher_no,
    spread.running_article_count
from mart.wire_spread as spread
inner join clusters on spread.cluster_id = clusters.cluster_id
where spread.cluster_id in (select unnest($cluster_ids::varchar[]))
order by spread.cluster_id, spread.publisher_no nulls last, spread.first_article_id
