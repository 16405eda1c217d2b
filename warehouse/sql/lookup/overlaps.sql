-- Matches of those of these articles that credit nobody with articles that credit themselves to an agency;
-- the days of the matches lie in these or are unknown.
with held as materialized (
    from matches where day between $first_day and $last_day
    union all
    from matches where day is null
),
uncredited as (
    select staged_ids.id as article_id
    from staged_ids
    where staged_ids.id not in (
        select article_id from agency_evidence where level <> 'mention' and signal <> 'overlap'
    )
),
owned as (
    select distinct article_id, agency_id
    from agency_evidence
    where level in ('owner', 'self') and signal <> 'overlap'
),
sides as (
    select article_a as article_id, article_b as copy_id, containment_a as containment, kind
    from held
    where article_a in (from uncredited)
    union all
    select article_b, article_a, containment_b, kind
    from held
    where article_b in (from uncredited)
)
select sides.article_id, sides.copy_id, sides.containment, sides.kind, owned.agency_id
from sides
inner join owned on sides.copy_id = owned.article_id
