-- Passages between clusters: of each pair of clusters the pair of articles that shares the most
-- words, origins before reprints; those with the most words first, and how many such pairs there are.
with pairs as (
    select
        passages.article_a,
        passages.article_b,
        least(members_a.cluster_id, members_b.cluster_id) as low_cluster_id,
        greatest(members_a.cluster_id, members_b.cluster_id) as high_cluster_id,
        bool_and(members_a.role = 'origin' and members_b.role = 'origin') as is_of_origins,
        sum(passages.matched_words)::bigint as matched_words
    from passages
    inner join cluster_members as members_a on passages.article_a = members_a.article_id
    inner join cluster_members as members_b on passages.article_b = members_b.article_id
    where members_a.cluster_id <> members_b.cluster_id
    group by all
),
chosen as (
    select
        article_a,
        article_b,
        matched_words
    from pairs
    qualify
        row_number() over (
            partition by low_cluster_id, high_cluster_id
            order by is_of_origins desc, matched_words desc, article_a, article_b
        ) = 1
)
select
    article_a,
    article_b,
    matched_words,
    count(*) over () as pair_count
from chosen
order by matched_words desc, article_a, article_b
limit $row_limit
