-- A table's rows.
select * from query_table($table)
