-- The lines of these articles that are furniture of their sites; they were published in these months or
-- are undated.
select lines.article_key, lines.line
from (
    from reuse.lines where month between $first_month and $last_month
    union all
    from reuse.lines where month = 0
) as lines
inner join reuse.furniture using (publisher_id, month, line)
where lines.article_key in (from staged_keys)
