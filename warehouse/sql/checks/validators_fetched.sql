-- Validators and a last success are of a source on disk or one that has been fetched; its fetches may be retired.
select source_id, etag, last_modified, last_success_at
from ops.source_state
where
    (etag is not null or last_modified is not null or last_success_at is not null)
    and source_id not in (select source_id from ops.fetches)
    and source_id not in (select source_id from ops.retired_entries)
    and source_id not in (select source_id from sources where kind in ('folder', 'warc'))
