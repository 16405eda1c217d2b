create or replace view mart.first_publishers as
with members as (
    select
        members.cluster_id,
        members.article_id,
        members.role,
        articles.publisher_id,
        coalesce(articles.publisher_id, articles.article_id) as publisher_key,
        articles.published_at,
        articles.published_precision,
        case when articles.published_precision in ('instant', 'minute') then articles.published_at end as exact_at,
        case articles.published_precision
            when 'day' then articles.published_at - interval 14 hours
            else articles.published_at
        end as earliest_at,
        case articles.published_precision
            when 'day' then articles.published_at + interval 36 hours
            when 'minute' then articles.published_at + interval 59 seconds
            else articles.published_at
        end as latest_at
    from cluster_members as members
    inner join articles on members.article_id = articles.article_id
    where members.cluster_id in (select cluster_id from clusters where article_count > 1)
),
-- First is who must have had it soonest: whose latest possible time is the least. Windows and no
-- grouping, so that a filter on a cluster reaches the tables.
ranked as (
    select
        cluster_id,
        article_id,
        role,
        publisher_id,
        publisher_key,
        published_at,
        published_precision,
        exact_at,
        earliest_at,
        first_value(
            case
                when latest_at is not null
                    then struct_pack(article_id, publisher_id, publisher_key, exact_at, latest_at)
            end
        ) over (
            partition by cluster_id
            order by latest_at nulls last, role, article_id
            rows between unbounded preceding and unbounded following
        ) as first_member,
        max(case when role = 'origin' then exact_at end) over (partition by cluster_id) as origin_at,
        count(distinct publisher_key) over (partition by cluster_id) as publisher_count
    from members
),
judged as (
    select
        cluster_id,
        article_id,
        role,
        publisher_id,
        published_at,
        published_precision,
        exact_at,
        first_member,
        origin_at,
        publisher_count,
        bool_and(
            coalesce(
                publisher_key = first_member.publisher_key or earliest_at > first_member.latest_at, false
            )
        ) over (partition by cluster_id) as is_first_certain
    from ranked
    where publisher_count > 1
),
final as (
    select
        judged.cluster_id,
        judged.article_id,
        judged.publisher_id,
        coalesce(publishers.name, publishers.host) as publisher,
        judged.role,
        judged.published_at,
        judged.published_precision,
        judged.publisher_count,
        judged.first_member.article_id as first_article_id,
        judged.first_member.publisher_id as first_publisher_id,
        coalesce(first_publishers.name, first_publishers.host) as first_publisher,
        coalesce(judged.article_id = judged.first_member.article_id, false) as is_first,
        judged.is_first_certain,
        date_diff('second', judged.first_member.exact_at, judged.exact_at) as lag_behind_first_s,
        date_diff('second', judged.origin_at, judged.exact_at) as lag_behind_origin_s
    from judged
    left join publishers on judged.publisher_id = publishers.publisher_id
    left join publishers as first_publishers
        on judged.first_member.publisher_id = first_publishers.publisher_id
)
select * from final;

comment on view mart.first_publishers is 'One row per article of a cluster that more than one publisher ran: who had it first, and how far behind the others were';
comment on column mart.first_publishers.cluster_id is 'The cluster';
comment on column mart.first_publishers.article_id is 'The article';
comment on column mart.first_publishers.publisher_id is 'Who published it; an unknown publisher counts as one of its own';
comment on column mart.first_publishers.publisher is 'The publisher''s name, or its host';
comment on column mart.first_publishers.role is 'origin or reprint';
comment on column mart.first_publishers.published_at is 'When it was published, UTC; null where unknown';
comment on column mart.first_publishers.published_precision is 'instant, minute or day';
comment on column mart.first_publishers.publisher_count is 'How many publishers ran the text';
comment on column mart.first_publishers.first_article_id is 'The article that was first; null where no member has a date';
comment on column mart.first_publishers.first_publisher_id is 'Its publisher';
comment on column mart.first_publishers.first_publisher is 'That publisher''s name, or its host';
comment on column mart.first_publishers.is_first is 'Whether this article was first';
comment on column mart.first_publishers.is_first_certain is 'Whether no other publisher can have been as early: false for ties, members without a date, days that overlap';
comment on column mart.first_publishers.lag_behind_first_s is 'Seconds after the first; null unless both times are known to the minute';
comment on column mart.first_publishers.lag_behind_origin_s is 'Seconds after the origin, negative before it; null unless both times are known to the minute';
