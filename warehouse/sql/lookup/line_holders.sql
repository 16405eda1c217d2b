-- The articles in which these lines stand, in these months or undated.
with changed as materialized (
    from staged_lines
)
select lines.line, lines.article_key, changed.is_furniture
from (
    from reuse.lines where month between $first_month and $last_month
    union all
    from reuse.lines where month = 0
) as lines
inner join changed using (publisher_id, month, line)
