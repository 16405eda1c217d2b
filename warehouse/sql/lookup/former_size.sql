-- How large the former file is, and how much of it is free.
select block_size * total_blocks as byte_count, block_size * free_blocks as free_byte_count
from pragma_database_size()
where database_name = 'former'
