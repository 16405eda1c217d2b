-- The lines of these articles, as their publishers have them in a month.
select distinct publisher_id, month, line
from reuse.lines
where article_key in (from staged_keys)
