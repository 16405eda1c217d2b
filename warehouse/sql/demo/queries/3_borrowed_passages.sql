-- Which articles of their own borrow passages of another cluster's origin?
with pair as (
    select article_a as article_id, article_b as other_id, a_start as begins, a_end as ends, matched_words, kind
    from passages
    union all
    select article_b, article_a, b_start, b_end, matched_words, kind
    from passages
)
select
    coalesce(publishers.name, '(unknown)') as borrower,
    pair.kind,
    pair.matched_words,
    substring(articles.body, pair.begins + 1, pair.ends - pair.begins) as passage
from pair
inner join articles on pair.article_id = articles.article_id
inner join cluster_members as own on pair.article_id = own.article_id
inner join clusters on own.cluster_id = clusters.cluster_id
inner join cluster_members as other on pair.other_id = other.article_id
left join publishers on articles.publisher_id = publishers.publisher_id
where
    clusters.article_count = 1
    and other.role = 'origin'
    and own.cluster_id <> other.cluster_id
order by borrower, pair.begins
