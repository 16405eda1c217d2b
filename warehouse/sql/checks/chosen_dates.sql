-- An article's publication time is the one that is chosen among those stated for it, and no flag forbids it.
select articles.article_id, articles.published_at, chosen.stated_at
from articles
left join (select * from article_dates where is_chosen) as chosen
    on articles.article_id = chosen.article_id
where
    -- Articles loaded before stated times were kept have none.
    articles.article_id in (select article_id from article_dates)
    and (
        articles.published_at is distinct from chosen.stated_at
        or articles.published_source is distinct from chosen.source
        or chosen.flag in ('unreadable', 'too_early', 'future', 'modified')
    )
union all
select article_id, min(stated_at), max(stated_at)
from article_dates
group by article_id
having count(*) filter (where is_chosen) > 1 or count(*) > count(distinct position) or max(position) > count(*)
