-- What is known of these captures, and where they lie.
select
    page_id,
    url,
    final_url,
    fetched_at,
    status_code,
    content_type,
    payload_sha256,
    warc_file,
    warc_offset,
    warc_length,
    declared
from raw.pages
where page_id in (from staged_ids)
order by warc_file, warc_offset, page_id
