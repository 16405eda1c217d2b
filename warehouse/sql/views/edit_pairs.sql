create or replace view mart.edit_pairs as
with final as (
    select
        'reprint' as change,
        members.article_id,
        reprints.version_no,
        clusters.origin_article_id as base_article_id,
        origins.version_no as base_version_no,
        members.cluster_id,
        reprints.publisher_id,
        reprints.fetched_at as seen_at,
        origins.headline as base_headline,
        reprints.headline,
        origins.body_sha256 as base_body_sha256,
        reprints.body_sha256
    from cluster_members as members
    inner join clusters on members.cluster_id = clusters.cluster_id
    inner join articles as reprints on members.article_id = reprints.article_id
    inner join articles as origins on clusters.origin_article_id = origins.article_id
    where members.role = 'reprint'
    union all
    select
        'version',
        later.article_id,
        later.version_no,
        earlier.article_id,
        earlier.version_no,
        null,
        articles.publisher_id,
        later.seen_at,
        earlier.headline,
        later.headline,
        earlier.body_sha256,
        later.body_sha256
    from article_versions as later
    inner join article_versions as earlier
        on later.article_id = earlier.article_id and later.version_no = earlier.version_no + 1
    inner join articles on later.article_id = articles.article_id
    where later.version_no > 1
)
select * from final;

comment on view mart.edit_pairs is 'One row per reprint, with the origin of its cluster, and per version, with the one before: which texts mart.edits compares';
comment on column mart.edit_pairs.change is 'reprint or version';
comment on column mart.edit_pairs.article_id is 'The article with the later text';
comment on column mart.edit_pairs.version_no is 'The version of it that is compared; for a reprint the current one';
comment on column mart.edit_pairs.base_article_id is 'What it is compared with: the origin, or the article itself';
comment on column mart.edit_pairs.base_version_no is 'The version of that';
comment on column mart.edit_pairs.cluster_id is 'The cluster of a reprint; null for a version';
comment on column mart.edit_pairs.publisher_id is 'Who published the later text';
comment on column mart.edit_pairs.seen_at is 'When the later text was captured';
comment on column mart.edit_pairs.base_headline is 'Headline of the base';
comment on column mart.edit_pairs.headline is 'Headline of the later text';
comment on column mart.edit_pairs.base_body_sha256 is 'Digest of the base''s text';
comment on column mart.edit_pairs.body_sha256 is 'Digest of the later text';
