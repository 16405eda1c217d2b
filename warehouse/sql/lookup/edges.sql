-- The near-duplicates among these articles, with the smaller of the two containments; their days lie
-- in these or are unknown. The undated first by themselves: together with the ids DuckDB would test the
-- ids of the whole table.
with undated as materialized (
    from matches where day is null
)
select article_a, article_b, least(containment_a, containment_b) as overlap
from (
    from matches where day between $first_day and $last_day
    union all
    from undated
)
where
    article_a in (from staged_ids)
    and article_b in (from staged_ids)
    and kind = 'near_duplicate'
