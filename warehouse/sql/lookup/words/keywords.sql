select distinct keyword_name
from duckdb_keywords()
order by keyword_name
