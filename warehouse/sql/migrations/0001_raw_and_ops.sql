-- What was read (raw) and what became of it (ops).
--
-- No primary keys, foreign keys, sequences or indexes anywhere: the one writer keeps rows unique by
-- anti-join inside its transaction, sql/checks proves it, and the same statements run on a DuckLake.

create schema raw;


create table raw.pages (
    page_id varchar not null,
    url varchar not null,
    final_url varchar,
    fetched_at timestamptz not null,
    status_code smallint,
    content_type varchar,
    payload_sha256 varchar not null,
    warc_file varchar not null,
    warc_offset bigint not null,
    warc_length bigint not null,
    declared json
);
comment on table raw.pages is 'One row per capture: the bytes of one address at one time';
comment on column raw.pages.page_id is 'Hash of url, fetched_at, payload_sha256 and declared: the same capture read twice is one page';
comment on column raw.pages.url is 'The address fetched; a file: URL for a local text or HTML file; a JSONL or WARC record''s own';
comment on column raw.pages.final_url is 'Where redirects ended, if anywhere else';
comment on column raw.pages.fetched_at is 'When the bytes were taken: the fetch, WARC-Date, or a local file''s modification time';
comment on column raw.pages.status_code is 'HTTP status; null for local files';
comment on column raw.pages.content_type is 'Content type with its charset as sent, or what the file suffix says';
comment on column raw.pages.payload_sha256 is 'SHA-256 of the payload, hexadecimal';
comment on column raw.pages.warc_file is 'The file that holds the bytes: a WARC, or the local file that was read';
comment on column raw.pages.warc_offset is 'Where the record begins, in bytes: in the file as stored for a WARC, in the decompressed stream for JSONL, else 0';
comment on column raw.pages.warc_length is 'Length of the record in bytes, counted like warc_offset';
comment on column raw.pages.declared is 'What the input said beside the page: fields of a JSONL record, unknown keys included';

create table ops.runs (
    run_id varchar not null,
    flow varchar not null,
    started_at timestamptz not null,
    ended_at timestamptz,
    status varchar not null,
    parameters json,
    prefect_flow_run_id varchar,
    outcomes json
);
comment on table ops.runs is 'One row per run of a flow';
comment on column ops.runs.run_id is 'Random identifier of the run';
comment on column ops.runs.flow is 'ingest, backfill, reprocess';
comment on column ops.runs.started_at is 'When the run began';
comment on column ops.runs.ended_at is 'When it ended; null while it runs';
comment on column ops.runs.status is 'running, completed, failed, cancelled, or crashed: found unfinished by a later run';
comment on column ops.runs.parameters is 'What the run was asked to do';
comment on column ops.runs.prefect_flow_run_id is 'The flow run in Prefect; null for a run without a server';
comment on column ops.runs.outcomes is 'Inputs of this run by outcome, unchanged ones included';

create table ops.fetches (
    fetch_id varchar not null,
    run_id varchar not null,
    source_id varchar not null,
    url varchar not null,
    kind varchar not null,
    fetched_at timestamptz not null,
    status_code smallint,
    outcome varchar not null,
    reason varchar,
    payload_sha256 varchar,
    entries_seen bigint not null
);
comment on table ops.fetches is 'One row per attempt to read a feed, sitemap, page or file';
comment on column ops.fetches.fetch_id is 'Identifier of the attempt';
comment on column ops.fetches.run_id is 'The run that read it';
comment on column ops.fetches.source_id is 'The source it was read for';
comment on column ops.fetches.url is 'What was read; a file: URL for local files';
comment on column ops.fetches.kind is 'feed, sitemap, page, text, html, jsonl, warc, other';
comment on column ops.fetches.fetched_at is 'When: for local files their modification time';
comment on column ops.fetches.status_code is 'HTTP status; null for local files';
comment on column ops.fetches.outcome is 'reading: begun, not yet at its end; ok; failed';
comment on column ops.fetches.reason is 'Why it failed';
comment on column ops.fetches.payload_sha256 is 'SHA-256 of the whole file or body, hexadecimal; null where it could not be read';
comment on column ops.fetches.entries_seen is 'Entries found in it so far, each a row of ops.entries';

create table ops.entries (
    source_id varchar not null,
    fetch_id varchar not null,
    position bigint not null,
    ledger_id varchar not null,
    url_raw varchar not null,
    outcome varchar not null,
    reason varchar,
    detail varchar,
    run_id varchar not null
);
comment on table ops.entries is 'One row per entry seen: a feed entry, a record of a file, or a file itself';
comment on column ops.entries.source_id is 'The source it came from';
comment on column ops.entries.fetch_id is 'The fetch that saw it';
comment on column ops.entries.position is 'Its place in the fetch, from 0';
comment on column ops.entries.ledger_id is 'The input it is, in ops.ledger';
comment on column ops.entries.url_raw is 'Its address as found';
comment on column ops.entries.outcome is 'What became of this sighting: loaded, duplicate, skipped, quarantined, pending';
comment on column ops.entries.reason is 'Why it was not loaded';
comment on column ops.entries.detail is 'The same in a sentence';
comment on column ops.entries.run_id is 'The run that saw it';

create table ops.ledger (
    ledger_id varchar not null,
    url_key varchar not null,
    state varchar not null,
    reason varchar,
    attempts integer not null,
    next_attempt_at timestamptz,
    article_id varchar,
    last_run_id varchar not null
);
comment on table ops.ledger is 'One row per input ever seen, with what became of it';
comment on column ops.ledger.ledger_id is 'Hash of url_key';
comment on column ops.ledger.url_key is 'The input''s address in comparable form; for a damaged record, the file and its place';
comment on column ops.ledger.state is 'pending, loaded, duplicate, skipped or quarantined';
comment on column ops.ledger.reason is 'Why it is not loaded; null for loaded';
comment on column ops.ledger.attempts is 'How often it was tried';
comment on column ops.ledger.next_attempt_at is 'When a pending input is tried again';
comment on column ops.ledger.article_id is 'The article it became, or for a duplicate the article it also leads to';
comment on column ops.ledger.last_run_id is 'The run that last changed it';

create table ops.ledger_events (
    ledger_id varchar not null,
    seq integer not null,
    run_id varchar not null,
    state varchar not null,
    reason varchar,
    at_utc timestamptz not null
);
comment on table ops.ledger_events is 'One row per change of an input''s state; the last one is the state in ops.ledger';
comment on column ops.ledger_events.ledger_id is 'The input';
comment on column ops.ledger_events.seq is 'Number of the change, from 1';
comment on column ops.ledger_events.run_id is 'The run that made it';
comment on column ops.ledger_events.state is 'The state from then on';
comment on column ops.ledger_events.reason is 'Why';
comment on column ops.ledger_events.at_utc is 'When';

create table ops.source_state (
    source_id varchar not null,
    etag varchar,
    last_modified varchar,
    status varchar,
    next_poll_at timestamptz,
    interval_s bigint,
    failure_count integer,
    last_success_at timestamptz
);
comment on table ops.source_state is 'One row per source that is polled: what the last polls taught';
comment on column ops.source_state.source_id is 'The source';
comment on column ops.source_state.etag is 'ETag of the last answer, verbatim';
comment on column ops.source_state.last_modified is 'Last-Modified of the last answer, verbatim';
comment on column ops.source_state.status is 'active, or why it is not polled';
comment on column ops.source_state.next_poll_at is 'When it is due';
comment on column ops.source_state.interval_s is 'Seconds between polls at present';
comment on column ops.source_state.failure_count is 'Failures since the last success';
comment on column ops.source_state.last_success_at is 'When it last answered well';

create table ops.loads (
    load_id varchar not null,
    run_id varchar not null,
    committed_at timestamptz not null,
    input_count bigint not null,
    article_count bigint not null,
    match_count bigint not null,
    passage_count bigint not null,
    parameters json
);
comment on table ops.loads is 'One row per batch, written in the batch''s own transaction';
comment on column ops.loads.load_id is 'Random identifier of the batch';
comment on column ops.loads.run_id is 'The run it belongs to';
comment on column ops.loads.committed_at is 'When it was committed';
comment on column ops.loads.input_count is 'Inputs in the batch';
comment on column ops.loads.article_count is 'Articles it added or changed';
comment on column ops.loads.match_count is 'Matches it added';
comment on column ops.loads.passage_count is 'Passages it added';
comment on column ops.loads.parameters is 'Versions of the code and rules that made these rows';
