-- The articles in which these lines stand.
with changed as materialized (
    from staged_lines
)
select lines.line, lines.article_key, changed.is_furniture
from reuse.lines
inner join changed using (publisher_id, month, line)
