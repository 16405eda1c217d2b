-- A table's rows with the UTC month of their own fetched_at, in order of it; null where it is unknown.
select *, strftime(fetched_at at time zone 'UTC', '%Y-%m') as month
from query_table($table)
order by month
