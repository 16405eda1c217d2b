-- The words changed between two texts are stored, so that mart.edits compares nothing when asked.

create table mart.changed_words (
    base_body_sha256 varchar not null,
    body_sha256 varchar not null,
    removed varchar[] not null,
    added varchar[] not null,
    removed_word_count integer not null,
    added_word_count integer not null
);
comment on table mart.changed_words is 'One row per pair of texts that mart.edit_pairs names: what was changed, found before each publish (docs/decisions/0008-views.md); mart.edits shows it';
comment on column mart.changed_words.base_body_sha256 is 'Digest of the former text, as in articles';
comment on column mart.changed_words.body_sha256 is 'Digest of the later text, as in articles';
comment on column mart.changed_words.removed is 'As in mart.edits';
comment on column mart.changed_words.added is 'As in mart.edits';
comment on column mart.changed_words.removed_word_count is 'As in mart.edits';
comment on column mart.changed_words.added_word_count is 'As in mart.edits';
