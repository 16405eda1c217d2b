-- For each of these lines in how many articles and clusters of its publisher it stands in its month;
-- those in fewer articles than matter are left out, unless they were furniture. All lie in these months, of
-- which the days are the first and the last, or are undated.
with touched as materialized (
    select distinct publisher_id, month, line from staged_lines
),
held as (
    select lines.publisher_id, lines.month, lines.line, lines.article_key
    from (
        from reuse.lines where month between $first_month and $last_month
        union all
        from reuse.lines where month = 0
    ) as lines
    inner join touched using (publisher_id, month, line)
    qualify count(*) over (partition by lines.publisher_id, lines.month, lines.line) >= $least_count
),
counted as (
    select
        held.publisher_id,
        held.month,
        held.line,
        count(*) as article_count,
        count(distinct members.cluster_id) as cluster_count
    from held
    inner join (
        from cluster_members where day between $first_day and $last_day
        union all
        from cluster_members where day is null
    ) as members on members.article_id = format('{:016x}', held.article_key)
    group by all
)
select
    touched.publisher_id,
    touched.month,
    touched.line,
    coalesce(counted.article_count, 0) as article_count,
    coalesce(counted.cluster_count, 0) as cluster_count,
    furniture.line is not null as was_furniture
from touched
left join counted using (publisher_id, month, line)
left join reuse.furniture using (publisher_id, month, line)
where counted.line is not null or furniture.line is not null
