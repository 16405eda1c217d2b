-- Ratios lie between 0 and 1.
select article_a, article_b
from matches
where
    resemblance not between 0 and 1
    or containment_a not between 0 and 1
    or containment_b not between 0 and 1
