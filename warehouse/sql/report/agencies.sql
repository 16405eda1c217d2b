-- Articles attributed to each agency, by role, the one with the most first.
select
    agencies.agency_id,
    agencies.name as agency,
    count(*) as article_count,
    count(*) filter (article_agencies.role = 'self') as self_count,
    count(*) filter (article_agencies.role = 'owner') as owner_count,
    count(*) filter (article_agencies.role = 'shared') as shared_count,
    count(distinct articles.publisher_id) as publisher_count
from article_agencies
inner join agencies on article_agencies.agency_id = agencies.agency_id
inner join articles on article_agencies.article_id = articles.article_id
group by agencies.agency_id, agencies.name
order by article_count desc, agency, agencies.agency_id
