-- Functions with a plain name; operators are functions too.
select distinct function_name
from duckdb_functions()
where regexp_full_match(function_name, '[a-z][a-z0-9_]*')
order by function_name
