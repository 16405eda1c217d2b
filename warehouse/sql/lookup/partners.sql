select article_b as article_id from matches where article_a in (from staged_ids)
union
select article_a from matches where article_b in (from staged_ids)
