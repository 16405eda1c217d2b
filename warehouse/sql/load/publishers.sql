-- A publisher is named as most of its articles name it: a function of the articles, not of their order.
insert into publishers (publisher_id, name, host)
with named as (
    select publisher_id, publisher_name, count(*) as article_count
    from articles
    where publisher_id in (from staged_ids) and publisher_name is not null
    group by all
),
hosted as (
    select publisher_id, publisher_host, count(*) as article_count
    from articles
    where publisher_id in (from staged_ids) and publisher_host is not null
    group by all
),
name as (
    select publisher_id, publisher_name
    from named
    qualify row_number() over (partition by publisher_id order by article_count desc, publisher_name) = 1
),
host as (
    select publisher_id, publisher_host
    from hosted
    qualify row_number() over (partition by publisher_id order by article_count desc, publisher_host) = 1
),
present as (
    select distinct publisher_id from articles where publisher_id in (from staged_ids)
)
select publisher_id, publisher_name, publisher_host
from present
left join name using (publisher_id)
left join host using (publisher_id)
