-- Evidence by overlap is in articles that credit nobody, and each has a match that credits the agency.
with own as (
    select article_id, agency_id, level
    from agency_evidence
    where level <> 'mention' and signal <> 'overlap'
),
linked as (
    select article_a as article_id, article_b as copy_id from matches
    union all
    select article_b, article_a from matches
)
select article_id, agency_id
from agency_evidence as found
where
    signal = 'overlap'
    and (
        level not in ('owner', 'shared')
        or article_id in (select article_id from own)
        or not exists (
            from linked
            inner join own on linked.copy_id = own.article_id
            where
                linked.article_id = found.article_id
                and own.agency_id = found.agency_id
                and own.level in ('owner', 'self')
        )
    )
