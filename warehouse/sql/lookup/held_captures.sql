-- The captures that are held of these addresses.
select url, fetched_at from raw.pages where url in (from staged_ids)
