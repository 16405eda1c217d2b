-- Columns of the tables and views a person asks about, in order.
select schema_name, table_name, column_name
from duckdb_columns()
where not internal
order by schema_name <> 'main', schema_name, table_name, column_index
