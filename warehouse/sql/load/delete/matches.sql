delete from matches
where article_a in (from staged_ids) or article_b in (from staged_ids)
