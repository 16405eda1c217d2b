-- The captures of these days, as numbers: the day of an article is that of its publication, where
-- that is known, else that of the capture. All captures of an article of these days are among them.
with dated as (
    select
        pages.page_id,
        captures.article_id,
        coalesce(articles.published_at, pages.fetched_at)::date as day
    from raw.pages as pages
    left join article_pages as captures on pages.page_id = captures.page_id
    left join articles on captures.article_id = articles.article_id
),
chosen as (
    select page_id, article_id from dated where day between $since and $until
)
select ('0x' || page_id)::ubigint as page_key
from raw.pages
where
    page_id in (select page_id from chosen)
    or page_id in (
        select page_id from article_pages where article_id in (select article_id from chosen)
    )
order by warc_file, warc_offset, page_id
