-- Runs, loads, agencies and the rows that link articles with others are there once.
select 'ops.runs' as place, run_id as id, null as other_id, count(*) as row_count
from ops.runs
group by all
having count(*) > 1
union all
select 'ops.loads', load_id, null, count(*)
from ops.loads
group by all
having count(*) > 1
union all
select 'agencies', agency_id, null, count(*)
from agencies
group by all
having count(*) > 1
union all
select 'article_pages', article_id, page_id, count(*)
from article_pages
group by all
having count(*) > 1
union all
select 'article_authors', article_id, author_id, count(*)
from article_authors
group by all
having count(*) > 1
union all
select 'article_tags', article_id, tag, count(*)
from article_tags
group by all
having count(*) > 1
union all
select 'article_agencies', article_id, agency_id, count(*)
from article_agencies
group by all
having count(*) > 1
union all
select 'agency_evidence', article_id, agency_id, count(*) - count(distinct (signal, level, text))
from agency_evidence
group by all
having count(*) > count(distinct (signal, level, text))
union all
select 'article_urls', article_id, kind || ' ' || url, count(*)
from article_urls
group by all
having count(*) > 1
union all
select 'passages', article_a, article_b, count(*) - count(distinct (a_start, a_end, b_start, b_end))
from passages
group by all
having count(*) > count(distinct (a_start, a_end, b_start, b_end))
