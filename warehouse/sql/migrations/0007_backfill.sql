-- How far backfills have come, unit by unit.

create table ops.backfill_units (
    unit_id varchar not null,
    archive varchar not null,
    url varchar not null,
    source_id varchar not null,
    since_on date not null,
    until_on date not null,
    state varchar not null,
    attempt_count integer not null,
    fetch_id varchar not null,
    entry_count bigint not null,
    passed_count bigint not null,
    pending_count bigint not null,
    byte_offset bigint not null,
    run_id varchar not null,
    changed_at timestamptz not null
);
comment on table ops.backfill_units is 'One row per unit of an archive that a backfill has begun, written with the batch that holds its entries';
comment on column ops.backfill_units.unit_id is 'Hash of the archive, the unit''s address, the sources asked for and the range of days';
comment on column ops.backfill_units.archive is 'landed, sitemap, warc or wayback';
comment on column ops.backfill_units.url is 'What is read: a WARC file, a sitemap, a question to an index';
comment on column ops.backfill_units.source_id is 'The source it is read for; the one of local files where it holds several';
comment on column ops.backfill_units.since_on is 'First day of publication asked for';
comment on column ops.backfill_units.until_on is 'Last day of publication asked for';
comment on column ops.backfill_units.state is 'open: begun; done; incomplete: read to its end, but something is pending or failed';
comment on column ops.backfill_units.attempt_count is 'How often it was begun: again after incomplete, or when forced';
comment on column ops.backfill_units.fetch_id is 'The fetch of this attempt, with its entries in ops.entries';
comment on column ops.backfill_units.entry_count is 'Entries of this attempt so far, each a row of ops.entries';
comment on column ops.backfill_units.passed_count is 'Records passed by so far that were not asked for: other sites, other days, no pages';
comment on column ops.backfill_units.pending_count is 'Of the entries of this attempt those that were pending';
comment on column ops.backfill_units.byte_offset is 'Where the next record begins in a WARC; 0 for other units';
comment on column ops.backfill_units.run_id is 'The run that last changed it';
comment on column ops.backfill_units.changed_at is 'When';

-- What is left of sightings that are no longer kept one by one.
create table ops.retired_entries (
    fetched_on date not null,
    source_id varchar not null,
    kind varchar not null,
    outcome varchar not null,
    reason varchar,
    fetch_count bigint not null,
    entry_count bigint not null
);
comment on table ops.retired_entries is 'One row per day, source and outcome of fetches and entries that maintenance has taken out of ops.fetches and ops.entries';
comment on column ops.retired_entries.fetched_on is 'The day of the fetches, in UTC';
comment on column ops.retired_entries.source_id is 'The source';
comment on column ops.retired_entries.kind is 'Kind of the fetches, as in ops.fetches';
comment on column ops.retired_entries.outcome is 'Of the entries, as in ops.entries; for a fetch without entries its own: ok or failed';
comment on column ops.retired_entries.reason is 'Why, where there was a reason';
comment on column ops.retired_entries.fetch_count is 'Fetches that had such an entry, or had none at all';
comment on column ops.retired_entries.entry_count is 'Entries';
