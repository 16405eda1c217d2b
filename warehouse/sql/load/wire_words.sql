-- Count and store the words of other publishers in articles that have no count stored, at most so many:
-- what mart.article_wire gives. docs/views.md has the rules.
insert into mart.wire_words by name
with uncounted as materialized (
    select articles.article_id, articles.word_count
    from articles
    anti join mart.wire_words as counts on articles.article_id = counts.article_id
    limit $article_count
),
agency_roles as (
    select article_id, bool_or(role = 'owner') as is_owned, bool_or(role = 'self') as is_self
    from article_agencies
    group by article_id
),
-- A day is known without its time zone: it may begin 14 hours before UTC's and end 12 after.
known as (
    select
        articles.article_id,
        members.cluster_id,
        members.role,
        coalesce(agency_roles.is_self, false) as is_self,
        case articles.published_precision
            when 'day' then articles.published_at - interval 14 hours
            else articles.published_at
        end as earliest_at,
        case articles.published_precision
            when 'day' then articles.published_at + interval 36 hours
            when 'minute' then articles.published_at + interval 59 seconds
            else articles.published_at
        end as latest_at
    from articles
    inner join cluster_members as members on articles.article_id = members.article_id
    left join agency_roles on articles.article_id = agency_roles.article_id
),
sides as (
    select article_a as article_id, article_b as other_id, a_start as begins, a_end as ends
    from passages
    where article_a in (select article_id from uncounted)
    union all
    select article_b, article_a, b_start, b_end
    from passages
    where article_b in (select article_id from uncounted)
),
borrowed as (
    select
        sides.article_id,
        sides.begins,
        sides.ends,
        bool_or(mine.cluster_id = other.cluster_id) as is_measured
    from sides
    inner join known as mine on sides.article_id = mine.article_id
    inner join known as other on sides.other_id = other.article_id
    where
        case
            when mine.cluster_id = other.cluster_id then mine.role = 'reprint'
            when mine.is_self <> other.is_self then other.is_self
            else coalesce(mine.latest_at >= other.earliest_at, true)
        end
    group by sides.article_id, sides.begins, sides.ends
),
-- Spans that overlap or touch are one: a span begins an island where none before it reaches it. The
-- same span of two lenders is one row by now, or its rows could come in another order the second time.
reached as (
    select
        article_id,
        begins,
        ends,
        is_measured,
        max(ends) over (
            partition by article_id
            order by begins, ends
            rows between unbounded preceding and 1 preceding
        ) as reached_end
    from borrowed
),
numbered as (
    select
        article_id,
        begins,
        ends,
        is_measured,
        count(*) filter (reached_end is null or begins > reached_end) over (
            partition by article_id
            order by begins, ends
            rows between unbounded preceding and current row
        ) as island
    from reached
),
islands as (
    select
        article_id,
        island,
        min(begins) as begins,
        max(ends) as ends,
        bool_or(is_measured) as is_measured
    from numbered
    group by article_id, island
),
-- Words as transforms/extract.py counts them: a character of a script without spaces is one.
words as (
    select
        islands.article_id,
        bool_or(islands.is_measured) as is_measured,
        sum(
            len(
                regexp_extract_all(
                    substring(articles.body, islands.begins + 1, islands.ends - islands.begins),
                    '[\x{0e00}-\x{0eff}\x{1000}-\x{109f}\x{1780}-\x{17ff}\x{3040}-\x{30ff}\x{3400}-\x{9fff}\x{f900}-\x{faff}]|[\p{L}\p{N}]+(?:[''’.,-][\p{L}\p{N}]+)*'
                )
            )
        ) as word_count
    from islands
    inner join articles on islands.article_id = articles.article_id
    group by islands.article_id
),
counted as (
    select
        uncounted.article_id,
        least(coalesce(words.word_count, 0), uncounted.word_count)::integer as wire_word_count,
        case
            when agency_roles.is_owned and not coalesce(words.is_measured, false) then 0
            else greatest(uncounted.word_count - coalesce(words.word_count, 0), 0)
        end::integer as own_word_count
    from uncounted
    left join words on uncounted.article_id = words.article_id
    left join agency_roles on uncounted.article_id = agency_roles.article_id
)
select * from counted
