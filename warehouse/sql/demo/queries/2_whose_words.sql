-- Whose words are they, and how do we know?
select
    agencies.name as agency,
    evidence.level,
    evidence.signal,
    count(distinct evidence.article_id) as articles,
    min(evidence.text) as example
from agency_evidence as evidence
inner join agencies on evidence.agency_id = agencies.agency_id
group by all
order by agency, articles desc, level, signal
