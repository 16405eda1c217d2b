-- What is compared stays bounded: the first articles of a day that share a value lead, and others are
-- compared with these. A site's furniture is told apart. What follows from the index is made anew from
-- the articles held, by the next run that writes: their fingerprints are of a former version.

alter table clusters add column origin_basis varchar;

drop table reuse.bands;
drop table reuse.seeds;
delete from reuse.components;
delete from matches;
delete from passages;
delete from cluster_members;
delete from clusters;
delete from mart.wire_words;

create table reuse.bands (
    band ubigint not null,
    article_key ubigint not null,
    published_at timestamptz,
    day date,
    is_leader boolean not null
);
comment on table reuse.bands is 'One row per band of an article''s signature; articles that share one are candidates, if one of them leads';
comment on column reuse.bands.band is 'Hash of the band';
comment on column reuse.bands.article_key is 'article_id as a number';
comment on column reuse.bands.published_at is 'As in articles, for the time window';
comment on column reuse.bands.day is 'The day of published_at in UTC';
comment on column reuse.bands.is_leader is 'Whether the article is among the first of its day with this band';

create table reuse.seeds (
    seed ubigint not null,
    line ubigint not null,
    article_key ubigint not null,
    published_at timestamptz,
    day date,
    publisher_id varchar,
    is_first boolean not null,
    is_furniture boolean not null,
    is_leader boolean not null
);
comment on table reuse.seeds is 'One row per run of words of an article; articles that share one may share a passage, if one of them leads';
comment on column reuse.seeds.seed is 'The hash, of six content words in a row';
comment on column reuse.seeds.line is 'Hash of the line it stands on';
comment on column reuse.seeds.article_key is 'article_id as a number';
comment on column reuse.seeds.published_at is 'As in articles, for the time window';
comment on column reuse.seeds.day is 'The day of published_at in UTC';
comment on column reuse.seeds.publisher_id is 'As in articles';
comment on column reuse.seeds.is_first is 'Whether the article is the first of its cluster to have the seed: its origin, or where that has not got it the earliest';
comment on column reuse.seeds.is_furniture is 'Whether the line is furniture of its site';
comment on column reuse.seeds.is_leader is 'Whether the article is among the first of its day with this seed, firsts of clusters before others';

create table reuse.lines (
    publisher_id varchar not null,
    month integer not null,
    line ubigint not null,
    article_key ubigint not null
);
comment on table reuse.lines is 'One row per line of an article whose publisher is known: what may be furniture of its site';
comment on column reuse.lines.publisher_id is 'As in articles';
comment on column reuse.lines.month is 'Year and month of published_at in UTC, as 202607; 0 if unknown';
comment on column reuse.lines.line is 'Hash of the content words of the line, numbers apart';
comment on column reuse.lines.article_key is 'article_id as a number';

create table reuse.furniture (
    publisher_id varchar not null,
    month integer not null,
    line ubigint not null
);
comment on table reuse.furniture is 'One row per line that a publisher put under unrelated articles in a month: it is part of no passage';
comment on column reuse.furniture.publisher_id is 'As in articles';
comment on column reuse.furniture.month is 'As in reuse.lines';
comment on column reuse.furniture.line is 'As in reuse.lines';

comment on column clusters.origin_basis is 'Why the origin is the origin: only (nobody else runs the text), agency (its publisher is the agency) or earliest';
comment on table matches is 'One row per pair of articles whose texts overlap enough, article_a < article_b. A text that very many ran is compared with those that had it first on each day, so rows grow with articles and not with pairs';
comment on table passages is 'One row per run of text that articles of two publishers share, article_a < article_b; at least one of the two is the origin of its cluster, or the first of it to have the words. Lines that are furniture of a site are left out; words that very many share in a day are compared with those that had them first';
