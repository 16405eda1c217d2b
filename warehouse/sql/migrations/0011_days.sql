-- What a batch asks of pairs and clusters is bounded by their days, so that it does not cost more the
-- longer the archive is. The tables are written anew: an update of all rows would not fit in memory.

create temporary table article_days as
select article_id, published_at::date as day from articles;

create table matches_dated (
    article_a varchar not null,
    article_b varchar not null,
    resemblance double not null,
    containment_a double not null,
    containment_b double not null,
    kind varchar not null,
    day date
);

insert into matches_dated
select matches.*, case when abs(a.day - b.day) <= 8 then least(a.day, b.day) end
from matches
left join article_days as a on matches.article_a = a.article_id
left join article_days as b on matches.article_b = b.article_id
order by least(a.day, b.day);

drop table matches;
alter table matches_dated rename to matches;

create table passages_dated (
    article_a varchar not null,
    a_start integer not null,
    a_end integer not null,
    article_b varchar not null,
    b_start integer not null,
    b_end integer not null,
    matched_words integer not null,
    kind varchar not null,
    day date
);

insert into passages_dated
select passages.*, case when abs(a.day - b.day) <= 8 then least(a.day, b.day) end
from passages
left join article_days as a on passages.article_a = a.article_id
left join article_days as b on passages.article_b = b.article_id
order by least(a.day, b.day);

drop table passages;
alter table passages_dated rename to passages;

create table cluster_members_dated (
    article_id varchar not null,
    cluster_id varchar not null,
    role varchar not null,
    day date
);

insert into cluster_members_dated
select cluster_members.*, article_days.day
from cluster_members
left join article_days on cluster_members.article_id = article_days.article_id
order by day;

drop table cluster_members;
alter table cluster_members_dated rename to cluster_members;

create table reuse.components_dated (
    article_id varchar not null,
    component_id varchar not null,
    day date
);

insert into reuse.components_dated
select components.*, article_days.day
from reuse.components
left join article_days on components.article_id = article_days.article_id
order by day;

drop table reuse.components;
alter table reuse.components_dated rename to components;

drop table article_days;

update reuse.bands set day = date '0001-01-01' where day is null;
update reuse.seeds set day = date '0001-01-01' where day is null;

comment on table matches is 'One row per pair of articles whose texts overlap enough, article_a < article_b. A text that very many ran is compared with those that had it first on each day, so rows grow with articles and not with pairs';
comment on column matches.article_a is 'The one with the lesser id';
comment on column matches.article_b is 'The other';
comment on column matches.resemblance is 'Jaccard ratio of their sets of shingles, 0 to 1';
comment on column matches.containment_a is 'Share of the shingles of A that B has, 0 to 1';
comment on column matches.containment_b is 'Share of the shingles of B that A has, 0 to 1';
comment on column matches.kind is 'near_duplicate: the same text; excerpt: one holds much of the other and more';
comment on table passages is 'One row per run of text that articles of two publishers share, article_a < article_b; at least one of the two is the origin of its cluster, or the first of it to have the words. Lines that are furniture of a site are left out; words that very many share in a day are compared with those that had them first';
comment on column passages.article_a is 'The one with the lesser id';
comment on column passages.a_start is 'Where it begins in the body of A, in characters from 0';
comment on column passages.a_end is 'Where it ends in the body of A, exclusive';
comment on column passages.article_b is 'The other';
comment on column passages.b_start is 'Where it begins in the body of B, in characters from 0';
comment on column passages.b_end is 'Where it ends in the body of B, exclusive';
comment on column passages.matched_words is 'Content words the two spans have in common, in order';
comment on column passages.kind is 'verbatim: word for word; edited: with changes';
comment on table cluster_members is 'One row per article: the one cluster it is in';
comment on column cluster_members.article_id is 'The article';
comment on column cluster_members.cluster_id is 'Its cluster';
comment on column cluster_members.role is 'origin or reprint';
comment on table reuse.components is 'One row per article: what must be clustered again when one of them changes';
comment on column reuse.components.article_id is 'The article';
comment on column reuse.components.component_id is 'Least article_id of all articles connected by near-duplicate matches; clusters divide it';
comment on column matches.day is 'The earlier of the days in UTC on which the two were published; null if one is unknown. A query that bounds it reads less';
comment on column passages.day is 'The earlier of the days in UTC on which the two were published; null if one is unknown, or if they lie further apart than copies are looked for. A query that bounds it reads less';
comment on column cluster_members.day is 'The day of published_at in UTC; null if unknown';
comment on column reuse.components.day is 'The day of published_at in UTC; null if unknown';
comment on column reuse.bands.day is 'The day of published_at in UTC; 0001-01-01 if unknown: DuckDB skips by bounds, and not by nulls once a transaction has written';
comment on column reuse.seeds.day is 'The day of published_at in UTC; 0001-01-01 if unknown, as in reuse.bands';
