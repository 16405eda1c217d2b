-- Views for analysts (sql/views, made again on every start), and the one figure they keep stored.

create schema mart;

create table mart.wire_words (
    article_id varchar not null,
    wire_word_count integer not null,
    own_word_count integer not null
);
comment on table mart.wire_words is 'One row per article whose wire copy has been counted; mart.article_wire counts the others when asked (docs/decisions/0008-views.md)';
comment on column mart.wire_words.article_id is 'The article';
comment on column mart.wire_words.wire_word_count is 'As in mart.article_wire';
comment on column mart.wire_words.own_word_count is 'As in mart.article_wire';
