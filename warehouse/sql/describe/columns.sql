select column_name, data_type, is_nullable, comment
from duckdb_columns()
where schema_name = $schema and table_name = $table and not internal
order by column_index
