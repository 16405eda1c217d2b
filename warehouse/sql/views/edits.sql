create or replace view mart.edits as
with final as (
    select
        pairs.change,
        pairs.article_id,
        pairs.version_no,
        pairs.base_article_id,
        pairs.base_version_no,
        pairs.cluster_id,
        pairs.publisher_id,
        pairs.seen_at,
        pairs.headline is distinct from pairs.base_headline as is_headline_changed,
        pairs.base_headline,
        pairs.headline,
        changed.removed_word_count,
        changed.added_word_count,
        changed.removed,
        changed.added
    from mart.edit_pairs as pairs
    inner join mart.changed_words as changed
        on pairs.base_body_sha256 = changed.base_body_sha256 and pairs.body_sha256 = changed.body_sha256
)
select * from final;

comment on view mart.edits is 'One row per reprint, against the origin of its cluster, and per version, against the one before: which words changed';
comment on column mart.edits.change is 'reprint or version';
comment on column mart.edits.article_id is 'The article with the later text';
comment on column mart.edits.version_no is 'The version of it that is compared; for a reprint the current one';
comment on column mart.edits.base_article_id is 'What it is compared with: the origin, or the article itself';
comment on column mart.edits.base_version_no is 'The version of that';
comment on column mart.edits.cluster_id is 'The cluster of a reprint; null for a version';
comment on column mart.edits.publisher_id is 'Who published the later text';
comment on column mart.edits.seen_at is 'When the later text was captured';
comment on column mart.edits.is_headline_changed is 'Whether the headlines differ';
comment on column mart.edits.base_headline is 'Headline of the base';
comment on column mart.edits.headline is 'Headline of the later text';
comment on column mart.edits.removed_word_count is 'Words of the base that are in no run of three words both texts have';
comment on column mart.edits.added_word_count is 'Words of the later text that are in no run of three words both texts have';
comment on column mart.edits.removed is 'Those of the base, in its order: one string for each run of them';
comment on column mart.edits.added is 'Those of the later text, in its order';
