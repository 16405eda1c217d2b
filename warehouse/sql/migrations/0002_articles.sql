-- Articles, who published and wrote them, and which agency their words belong to.

create table publishers (
    publisher_id varchar not null,
    name varchar,
    host varchar
);
comment on table publishers is 'One row per publisher of an article';
comment on column publishers.publisher_id is 'Hash of the publisher''s host, or of its name where an input names it';
comment on column publishers.name is 'The name its articles give most often';
comment on column publishers.host is 'The host its articles stand on most often, without www.';

create table sources (
    source_id varchar not null,
    slug varchar not null,
    url varchar not null,
    kind varchar not null,
    publisher_id varchar
);
comment on table sources is 'One row per place that is polled or read';
comment on column sources.source_id is 'Hash of the slug';
comment on column sources.slug is 'Short name, as on the command line';
comment on column sources.url is 'What is polled or read';
comment on column sources.kind is 'feed, sitemap, page, folder or warc';
comment on column sources.publisher_id is 'Its publisher, where it has only one';

create table articles (
    article_id varchar not null,
    publisher_id varchar,
    url varchar not null,
    url_key varchar not null,
    headline varchar not null,
    body varchar not null,
    language varchar,
    published_at timestamptz,
    published_precision varchar,
    published_source varchar,
    published_raw varchar,
    published_offset_minutes smallint,
    first_seen_at timestamptz not null,
    fetched_at timestamptz not null,
    word_count integer not null,
    body_sha256 varchar not null,
    version_no integer not null,
    page_id varchar not null,
    publisher_name varchar,
    publisher_host varchar
);
comment on table articles is 'One row per article: its current version, as the latest capture shows it';
comment on column articles.article_id is 'Hash of url_key; the same article is the same id in every warehouse';
comment on column articles.publisher_id is 'Who published it; null where nothing says so';
comment on column articles.url is 'Its address: the page''s canonical link on the same site, else the address it was read from';
comment on column articles.url_key is 'The address in comparable form: lower-case host, no fragment, no known trackers';
comment on column articles.headline is 'Headline, without the site''s name';
comment on column articles.body is 'Text for readers, one paragraph a line';
comment on column articles.language is 'ISO 639-1 code as declared; null where unknown';
comment on column articles.published_at is 'The publisher''s claim of when it was published, in UTC; null where nothing credible says so';
comment on column articles.published_precision is 'instant, minute or day; a day stands at midnight UTC';
comment on column articles.published_source is 'Where published_at was read';
comment on column articles.published_raw is 'What stood there, letter by letter';
comment on column articles.published_offset_minutes is 'The UTC offset it carried, in minutes; null where it carried none';
comment on column articles.first_seen_at is 'When the pipeline first loaded it';
comment on column articles.fetched_at is 'When the capture of the current version was taken';
comment on column articles.word_count is 'Words in body';
comment on column articles.body_sha256 is 'SHA-256 of body, hexadecimal';
comment on column articles.version_no is 'Number of the current version, from 1';
comment on column articles.page_id is 'The capture this row was read from';
comment on column articles.publisher_name is 'The publisher as this capture names it';
comment on column articles.publisher_host is 'The host this capture stands on, without www.';

create table article_pages (
    article_id varchar not null,
    page_id varchar not null,
    fetched_at timestamptz not null,
    headline varchar not null,
    body_sha256 varchar not null
);
comment on table article_pages is 'One row per capture of an article: every time it was seen, changed or not';
comment on column article_pages.article_id is 'The article';
comment on column article_pages.page_id is 'The capture';
comment on column article_pages.fetched_at is 'When it was taken';
comment on column article_pages.headline is 'The headline it showed';
comment on column article_pages.body_sha256 is 'SHA-256 of the body it showed, hexadecimal';

create table article_versions (
    article_id varchar not null,
    version_no integer not null,
    headline varchar not null,
    body varchar not null,
    body_sha256 varchar not null,
    page_id varchar not null,
    seen_at timestamptz not null
);
comment on table article_versions is 'One row per text an article has had, in order of capture; the last is the current one';
comment on column article_versions.article_id is 'The article';
comment on column article_versions.version_no is 'From 1';
comment on column article_versions.headline is 'Headline of the first capture with this text';
comment on column article_versions.body is 'The text';
comment on column article_versions.body_sha256 is 'SHA-256 of body, hexadecimal';
comment on column article_versions.page_id is 'The first capture with this text';
comment on column article_versions.seen_at is 'When that capture was taken';

create table authors (
    author_id varchar not null,
    name varchar not null
);
comment on table authors is 'One row per name found in a byline: a person, a desk or an organisation';
comment on column authors.author_id is 'Hash of the name';
comment on column authors.name is 'The name';

create table article_authors (
    article_id varchar not null,
    author_id varchar not null,
    position smallint not null,
    raw varchar not null
);
comment on table article_authors is 'One row per author of an article';
comment on column article_authors.article_id is 'The article';
comment on column article_authors.author_id is 'The author';
comment on column article_authors.position is 'Place in the byline, from 1';
comment on column article_authors.raw is 'The byline as printed';

create table article_tags (
    article_id varchar not null,
    tag varchar not null
);
comment on table article_tags is 'One row per keyword the page gives an article';
comment on column article_tags.article_id is 'The article';
comment on column article_tags.tag is 'The keyword';

create table agencies (
    agency_id varchar not null,
    name varchar not null
);
comment on table agencies is 'One row per news agency the rules know';
comment on column agencies.agency_id is 'Short name';
comment on column agencies.name is 'Full name';

create table agency_evidence (
    article_id varchar not null,
    agency_id varchar not null,
    signal varchar not null,
    level varchar not null,
    text varchar not null
);
comment on table agency_evidence is 'One row per signal in an article that names an agency';
comment on column agency_evidence.article_id is 'The article';
comment on column agency_evidence.agency_id is 'The agency';
comment on column agency_evidence.signal is 'Where it stands: dateline, byline, json_ld_author, sign_off, mention, ...';
comment on column agency_evidence.level is 'owner: the text is the agency''s; shared: partly; self: the agency''s own site; mention: only named';
comment on column agency_evidence.text is 'The words the signal stands on';

create table article_agencies (
    article_id varchar not null,
    agency_id varchar not null,
    role varchar not null
);
comment on table article_agencies is 'One row per agency an article is attributed to; mentions do not attribute';
comment on column article_agencies.article_id is 'The article';
comment on column article_agencies.agency_id is 'The agency';
comment on column article_agencies.role is 'owner, shared or self, as in agency_evidence.level';
