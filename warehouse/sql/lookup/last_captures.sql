-- The last capture of each of these addresses.
select url, payload_sha256, warc_file, warc_offset, warc_length, declared
from raw.pages
where url in (from staged_ids)
qualify row_number() over (partition by url order by fetched_at desc, page_id) = 1
