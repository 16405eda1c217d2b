-- What else extraction knows of an article, every date a page stated, every address an article has.
--
-- Rows that are stored already keep the new columns null (is_paywalled: false) until their captures
-- are extracted again; article_pages.text_sha256 is filled in when the article is next captured.

alter table articles add column text_sha256 varchar;
alter table articles add column body_source varchar;
alter table articles add column language_declared varchar;
alter table articles add column language_detected varchar;
alter table articles add column section varchar;
alter table articles add column image_url varchar;
alter table articles add column canonical_url varchar;
alter table articles add column amp_url varchar;
alter table articles add column is_paywalled boolean default false;
comment on column articles.language is 'ISO 639-1 code: what the input declares, else what page or text say (docs/extraction.md); null where unknown';
comment on column articles.text_sha256 is 'SHA-256 of the words that make a version: body without captions, related links, stamps and counters; hexadecimal';
comment on column articles.body_source is 'Which way of reading gave the body: fast, full, precision, json_ld, fallback or plain_text';
comment on column articles.language_declared is 'ISO 639-1 code that the input or the page declares; null where neither does';
comment on column articles.language_detected is 'ISO 639-1 code told from the body; null where it is too short to tell';
comment on column articles.section is 'The section of the publication it stands in, as the page names it';
comment on column articles.image_url is 'Its lead image';
comment on column articles.canonical_url is 'The canonical link of the page, on whatever site; only one on the same site is the article''s address';
comment on column articles.amp_url is 'The AMP version the page links to';
comment on column articles.is_paywalled is 'Whether the page says that it is not free to read';

alter table article_pages add column text_sha256 varchar;
comment on column article_pages.text_sha256 is 'As articles.text_sha256: captures that agree in it show the same version';
alter table article_versions add column text_sha256 varchar;
comment on column article_versions.text_sha256 is 'As articles.text_sha256: versions are told apart by it';
comment on column article_versions.body is 'The text, as the latest capture shows it that has these words';

create table article_dates (
    article_id varchar not null,
    position smallint not null,
    source varchar not null,
    raw varchar not null,
    stated_at timestamptz,
    precision varchar,
    offset_minutes smallint,
    is_chosen boolean not null,
    flag varchar
);
comment on table article_dates is 'One row per time that the current capture states for an article, used or not';
comment on column article_dates.article_id is 'The article';
comment on column article_dates.position is 'Its place in the order of trust, from 1 (docs/extraction.md)';
comment on column article_dates.source is 'Where it was read, as in articles.published_source; json_ld_modified and meta_modified are times of change';
comment on column article_dates.raw is 'What stood there, letter by letter';
comment on column article_dates.stated_at is 'The time it states, in UTC; a day stands at midnight; null where it cannot be read';
comment on column article_dates.precision is 'instant, minute or day; null where it cannot be read';
comment on column article_dates.offset_minutes is 'The UTC offset it carried, in minutes; null where it carried none';
comment on column article_dates.is_chosen is 'Whether it is articles.published_at; at most one of an article is';
comment on column article_dates.flag is 'Never chosen: unreadable, too_early (before 1995), future (over two days after the capture), modified (time of a change). With reservation: ahead (after the capture), inferred (relative to the capture), source_zone (in the zone of its source), no_zone (taken as UTC). Else null';

create table article_urls (
    article_id varchar not null,
    url varchar not null,
    kind varchar not null
);
comment on table article_urls is 'One row per address an article has been seen under, in all its captures';
comment on column article_urls.article_id is 'The article';
comment on column article_urls.url is 'The address';
comment on column article_urls.kind is 'fetched, final (where redirects ended), canonical (a link on the same site), amp, syndication (a canonical link to another site: where the text may come from, never who it is)';
