-- The tables of this file itself, in the order of their making.
select schema_name, table_name, comment
from duckdb_tables()
where not internal and database_name = current_database() and not temporary
order by table_oid
