-- What polling needs to know between runs: of sources, of pages still to be fetched, of robots.txt.

alter table sources add column publisher varchar;
alter table sources add column language varchar;
alter table sources add column timezone varchar;
alter table sources add column every_s bigint;
alter table sources add column is_enabled boolean;
alter table sources add column is_precision_favored boolean;
alter table sources add column max_entries bigint;
alter table sources add column parent_id varchar;
alter table sources add column is_listed boolean;
comment on column sources.max_entries is 'How many entries of one reading are taken, where the list says so';
comment on column sources.parent_id is 'For a sitemap of a sitemap index: the source that is the index';
comment on column sources.is_listed is 'Whether it is, or was, in sources.toml; false for what was found, or asked for by address';
comment on table sources is 'One row per place that is polled or read: what sources.toml says, and what earlier versions of it said';
comment on column sources.publisher is 'Name of its publisher, where the list gives one';
comment on column sources.language is 'ISO 639-1 code of what it publishes, where the list gives one';
comment on column sources.timezone is 'IANA name of the zone its times without a zone are in, where the list gives one';
comment on column sources.every_s is 'Seconds between polls, where the list fixes them';
comment on column sources.is_enabled is 'Whether it is polled: false where the list says so, or no longer has it';
comment on column sources.is_precision_favored is 'Whether extraction takes less rather than more from its pages';

-- So far there was one source, that of local files, which nobody polls or lists.
update sources set is_enabled = false, is_precision_favored = false, is_listed = false;

alter table ops.source_state add column status_reason varchar;
alter table ops.source_state add column hard_failure_count integer;
alter table ops.source_state add column last_polled_at timestamptz;
alter table ops.source_state add column last_reason varchar;
alter table ops.source_state add column last_error varchar;
alter table ops.source_state add column moved_url varchar;
alter table ops.source_state add column hub_url varchar;
alter table ops.source_state add column feed_hints json;
alter table ops.source_state add column content_sha256 varchar;
alter table ops.source_state add column entries_seen bigint;
alter table ops.source_state add column captured_url varchar;
alter table ops.source_state add column captured_at timestamptz;
alter table ops.source_state add column payload_digest varchar;
alter table ops.source_state add column is_trusted boolean;
alter table ops.source_state add column distrust_reason varchar;
alter table ops.source_state add column unchanged_count integer;
alter table ops.source_state add column suspicion_count integer;
alter table ops.source_state add column ignored_count integer;
comment on column ops.source_state.status is 'active, stopped after too many failures, or retired by a 410';
comment on column ops.source_state.status_reason is 'Why it is not polled any more, a sentence; null while it is';
comment on column ops.source_state.hard_failure_count is 'Of the failures since the last success those in which the site said no';
comment on column ops.source_state.last_polled_at is 'When it was last asked';
comment on column ops.source_state.last_reason is 'Why the last poll failed; null where it did not';
comment on column ops.source_state.last_error is 'The same in a sentence';
comment on column ops.source_state.moved_url is 'Where the source says it now is for good (301, 308): asked in place of sources.url';
comment on column ops.source_state.hub_url is 'The WebSub hub it names; recorded, not subscribed to';
comment on column ops.source_state.feed_hints is 'What its last body and headers said about when to come: ttl, sy:, skipHours, skipDays, freshness';
comment on column ops.source_state.content_sha256 is 'Digest of what its last body said, whatever the order, hexadecimal';
comment on column ops.source_state.entries_seen is 'Entries in the last body';
comment on column ops.source_state.captured_url is 'Where the last body was found';
comment on column ops.source_state.captured_at is 'When: the WARC-Date of its record, to which a revisit refers';
comment on column ops.source_state.payload_digest is 'WARC-Payload-Digest of its record';
comment on column ops.source_state.is_trusted is 'Whether its validators are sent: false once it was caught lying';
comment on column ops.source_state.distrust_reason is 'How it lied, a sentence';
comment on column ops.source_state.unchanged_count is 'Answers of "not modified" since the last body';
comment on column ops.source_state.suspicion_count is 'Checks in a row that found something new where "not modified" had been said';
comment on column ops.source_state.ignored_count is 'Conditional requests in a row that were answered with the body already known';

alter table ops.entries add column guid varchar;
comment on column ops.entries.guid is 'The name the feed gives the entry: unique in that feed, if at all';

create table ops.wanted_pages (
    ledger_id varchar not null,
    url varchar not null,
    fetch_url varchar,
    source_id varchar not null,
    fetch_id varchar not null,
    position bigint not null,
    declared json,
    fallback varchar,
    fallback_declared json
);
comment on table ops.wanted_pages is 'One row per page that is pending, or quarantined and can be released: all that a fetch of it needs';
comment on column ops.wanted_pages.ledger_id is 'The input it is, in ops.ledger';
comment on column ops.wanted_pages.url is 'Its address as found';
comment on column ops.wanted_pages.fetch_url is 'Where to ask for it, where that is another address: an archive''s';
comment on column ops.wanted_pages.source_id is 'The source it was found in';
comment on column ops.wanted_pages.fetch_id is 'The sighting, in ops.entries: its fetch';
comment on column ops.wanted_pages.position is 'The sighting: its place in the fetch';
comment on column ops.wanted_pages.declared is 'What was said of it where it was found, kept with its capture';
comment on column ops.wanted_pages.fallback is 'HTML with its whole text, used where the page cannot be fetched';
comment on column ops.wanted_pages.fallback_declared is 'What was said of that text: headline, time, authors';

create table ops.robots_files (
    origin varchar not null,
    fetched_at timestamptz not null,
    status_code smallint,
    body blob
);
comment on table ops.robots_files is 'One row per site: its last answer for robots.txt, good for a day';
comment on column ops.robots_files.origin is 'Scheme, host and port';
comment on column ops.robots_files.fetched_at is 'When it was asked for';
comment on column ops.robots_files.status_code is 'Status of the last answer after redirects; null where the site could not be reached';
comment on column ops.robots_files.body is 'The file, at most its first 500 KiB';

create table ops.entry_aliases (
    alias_id varchar not null,
    ledger_id varchar not null
);
comment on table ops.entry_aliases is 'One row per other key of an entry: by what a feed''s entry is known again when its address has changed';
comment on column ops.entry_aliases.alias_id is 'Hash of the key: the address with one scheme for both, or source, guid and time, or source, guid and headline';
comment on column ops.entry_aliases.ledger_id is 'The input it stands for';

create table ops.rechecks (
    ledger_id varchar not null,
    url varchar not null,
    source_id varchar not null,
    published_at timestamptz,
    first_seen_at timestamptz not null,
    last_changed_at timestamptz,
    check_count integer not null,
    next_check_at timestamptz not null
);
comment on table ops.rechecks is 'One row per page that is to be fetched again, for its text may still change; none once it has come to rest';
comment on column ops.rechecks.ledger_id is 'The input it is, in ops.ledger';
comment on column ops.rechecks.url is 'Its address as fetched';
comment on column ops.rechecks.source_id is 'The source it was found in';
comment on column ops.rechecks.published_at is 'When its article says that it was published';
comment on column ops.rechecks.first_seen_at is 'When it was first loaded';
comment on column ops.rechecks.last_changed_at is 'When its text was last seen to have changed; null for never';
comment on column ops.rechecks.check_count is 'How often it has been looked at again';
comment on column ops.rechecks.next_check_at is 'When it is looked at next';
