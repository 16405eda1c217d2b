-- The near-duplicates among these articles, with the smaller of the two containments.
select article_a, article_b, least(containment_a, containment_b) as overlap
from matches
where
    article_a in (from staged_ids)
    and article_b in (from staged_ids)
    and kind = 'near_duplicate'
