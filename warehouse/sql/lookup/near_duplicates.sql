select article_a, article_b, resemblance, containment_a, containment_b
from matches
where kind = 'near_duplicate' and article_a in (from staged_ids)
