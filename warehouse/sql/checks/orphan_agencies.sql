-- Evidence and attributions belong to articles and to known agencies; every attribution has evidence.
select article_id, agency_id
from agency_evidence
where article_id not in (select article_id from articles) or agency_id not in (select agency_id from agencies)
union all
select article_id, agency_id
from article_agencies
where (article_id, agency_id) not in (
    select (article_id, agency_id) from agency_evidence where level <> 'mention'
)
