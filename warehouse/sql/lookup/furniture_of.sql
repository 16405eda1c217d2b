-- The lines of these articles that are furniture of their sites.
select lines.article_key, lines.line
from reuse.lines
inner join reuse.furniture using (publisher_id, month, line)
where lines.article_key in (from staged_keys)
