-- Tables in the order of their making, then views, with what one row is.
select schema_name, table_name, comment
from (
    select 1 as place, table_oid as made, schema_name, table_name, comment
    from duckdb_tables()
    where not internal
    union all
    select 2, view_oid, schema_name, view_name, comment
    from duckdb_views()
    where not internal
)
order by place, made
