with gone as materialized (
    from staged_lines
)
delete from reuse.furniture
using gone
where
    furniture.publisher_id = gone.publisher_id
    and furniture.month = gone.month
    and furniture.line = gone.line
