-- What a case gives: articles and the passages they share, each passage as the text it is.
create temp table given (
    article_id varchar,
    publisher_id varchar,
    published_at timestamptz,
    published_precision varchar,
    body varchar default 'one two three four',
    word_count integer,
    cluster_id varchar,
    role varchar default 'origin',
    agency_role varchar,
    headline varchar default 'Headline',
    first_seen_at timestamptz default timestamptz '2026-01-31 00:00:00+00',
    version_no integer default 1
);
create temp table given_passages (article_a varchar, article_b varchar, passage varchar);
