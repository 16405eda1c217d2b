-- Who ran the same words: the public tables, and in schema reuse the index they are found with.

create schema reuse;

create table matches (
    article_a varchar not null,
    article_b varchar not null,
    resemblance double not null,
    containment_a double not null,
    containment_b double not null,
    kind varchar not null
);
comment on table matches is 'One row per pair of articles whose texts overlap enough, article_a < article_b';
comment on column matches.article_a is 'The one with the lesser id';
comment on column matches.article_b is 'The other';
comment on column matches.resemblance is 'Jaccard ratio of their sets of shingles, 0 to 1';
comment on column matches.containment_a is 'Share of the shingles of A that B has, 0 to 1';
comment on column matches.containment_b is 'Share of the shingles of B that A has, 0 to 1';
comment on column matches.kind is 'near_duplicate: the same text; excerpt: one holds much of the other and more';

create table clusters (
    cluster_id varchar not null,
    origin_article_id varchar not null,
    article_count integer not null,
    first_published_at timestamptz
);
comment on table clusters is 'One row per group of articles that run the same text; an article alone is a cluster of one';
comment on column clusters.cluster_id is 'The least article_id of the members: an id that was superseded is still that of a member';
comment on column clusters.origin_article_id is 'The agency''s own copy if there is one, else the earliest';
comment on column clusters.article_count is 'Number of members';
comment on column clusters.first_published_at is 'Earliest published_at of the members';

create table cluster_members (
    article_id varchar not null,
    cluster_id varchar not null,
    role varchar not null
);
comment on table cluster_members is 'One row per article: the one cluster it is in';
comment on column cluster_members.article_id is 'The article';
comment on column cluster_members.cluster_id is 'Its cluster';
comment on column cluster_members.role is 'origin or reprint';

create table passages (
    article_a varchar not null,
    a_start integer not null,
    a_end integer not null,
    article_b varchar not null,
    b_start integer not null,
    b_end integer not null,
    matched_words integer not null,
    kind varchar not null
);
comment on table passages is 'One row per run of text that articles of two publishers share, article_a < article_b; at least one of the two is the origin of its cluster';
comment on column passages.article_a is 'The one with the lesser id';
comment on column passages.a_start is 'Where it begins in the body of A, in characters from 0';
comment on column passages.a_end is 'Where it ends in the body of A, exclusive';
comment on column passages.article_b is 'The other';
comment on column passages.b_start is 'Where it begins in the body of B, in characters from 0';
comment on column passages.b_end is 'Where it ends in the body of B, exclusive';
comment on column passages.matched_words is 'Content words the two spans have in common, in order';
comment on column passages.kind is 'verbatim: word for word; edited: with changes';

create table reuse.fingerprints (
    article_key ubigint not null,
    norm_version smallint not null,
    published_at timestamptz,
    prose blob not null,
    shingles blob not null
);
comment on table reuse.fingerprints is 'One row per article: what the comparison knows of its text';
comment on column reuse.fingerprints.article_key is 'article_id as a number';
comment on column reuse.fingerprints.norm_version is 'Version of the normalisation that made it';
comment on column reuse.fingerprints.published_at is 'As in articles; null stands for unknown';
comment on column reuse.fingerprints.prose is 'Spans of the body that are compared: pairs of 32-bit little-endian offsets';
comment on column reuse.fingerprints.shingles is 'Ascending 64-bit little-endian hashes of the shingles';

create table reuse.bands (
    band ubigint not null,
    article_key ubigint not null,
    published_at timestamptz
);
comment on table reuse.bands is 'One row per band of an article''s signature; articles that share one are candidates';
comment on column reuse.bands.band is 'Hash of the band';
comment on column reuse.bands.article_key is 'article_id as a number';
comment on column reuse.bands.published_at is 'As in articles, for the time window';

create table reuse.seeds (
    seed ubigint not null,
    article_key ubigint not null,
    published_at timestamptz
);
comment on table reuse.seeds is 'One row per winnowed hash of an article''s text; articles that share one may share a passage';
comment on column reuse.seeds.seed is 'The hash';
comment on column reuse.seeds.article_key is 'article_id as a number';
comment on column reuse.seeds.published_at is 'As in articles, for the time window';

create table reuse.components (
    article_id varchar not null,
    component_id varchar not null
);
comment on table reuse.components is 'One row per article: what must be clustered again when one of them changes';
comment on column reuse.components.article_id is 'The article';
comment on column reuse.components.component_id is 'Least article_id of all articles connected by near-duplicate matches; clusters divide it';
