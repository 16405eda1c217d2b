-- The given articles as rows of the tables. An article without a cluster is alone in its own.
update given set cluster_id = article_id where cluster_id is null;

insert into publishers
select distinct publisher_id, upper(publisher_id), publisher_id || '.example'
from given
where publisher_id is not null;

insert into articles by name
select
    article_id,
    publisher_id,
    'https://news.example/' || article_id as url,
    url as url_key,
    headline,
    body,
    published_at,
    published_precision,
    first_seen_at,
    first_seen_at as fetched_at,
    coalesce(word_count, len(string_split_regex(body, '\s+')))::integer as word_count,
    sha256(body) as body_sha256,
    version_no,
    'page-' || article_id as page_id
from given;

insert into article_versions by name
select article_id, version_no, headline, body, sha256(body) as body_sha256, 'page' as page_id, first_seen_at as seen_at
from given;

insert into cluster_members by name
select article_id, cluster_id, role from given;

insert into clusters by name
select
    cluster_id,
    max(article_id) filter (role = 'origin') as origin_article_id,
    count(*)::integer as article_count,
    min(published_at) as first_published_at
from given
group by cluster_id;

insert into agencies values ('mpa', 'Meridian Press Agency');

insert into article_agencies by name
select article_id, 'mpa' as agency_id, agency_role as role
from given
where agency_role is not null;

insert into passages by name
select
    given_passages.article_a,
    instr(a.body, passage) - 1 as a_start,
    instr(a.body, passage) - 1 + length(passage) as a_end,
    given_passages.article_b,
    instr(b.body, passage) - 1 as b_start,
    instr(b.body, passage) - 1 + length(passage) as b_end,
    6 as matched_words,
    'verbatim' as kind
from given_passages
inner join given as a on given_passages.article_a = a.article_id
inner join given as b on given_passages.article_b = b.article_id;
