select article_a, article_b, resemblance, containment_a, containment_b, kind
from matches
where article_a in (from staged_ids) and article_b in (from staged_ids)
