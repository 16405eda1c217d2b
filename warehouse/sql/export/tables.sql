-- What is exported, each with what gives a row its month: its own time, the article it belongs to, or
-- nothing. The index of the comparison and what only serves a view are no part of the contract.
with listed as (
    select
        schema_name,
        table_name,
        list(column_name order by column_index) as columns
    from duckdb_columns()
    where
        not internal
        and schema_name in ('main', 'raw', 'ops', 'mart')
        and (schema_name <> 'mart' or table_name in (select view_name from duckdb_views()))
    group by all
)
select
    schema_name,
    table_name,
    case
        when list_contains(columns, 'published_at') then 'published_at'
        when table_name = 'clusters' then 'first_published_at'
        when list_contains(columns, 'article_id') and schema_name in ('main', 'mart') then 'article_id'
        when list_contains(columns, 'article_a') then 'article_a'
        when schema_name = 'raw' and list_contains(columns, 'fetched_at') then 'fetched_at'
    end as month_of
from listed
order by all
