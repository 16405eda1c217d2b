create or replace view mart.article_wire as
with final as (
    select article_id, wire_word_count, own_word_count from mart.wire_words
)
select * from final;

comment on view mart.article_wire is 'One row per article: how many of its words are other publishers''';
comment on column mart.article_wire.article_id is 'The article';
comment on column mart.article_wire.wire_word_count is 'Words of the body in passages it has from other publishers; where passages overlap, words count once';
comment on column mart.article_wire.own_word_count is 'The other words; 0 where credits give the text to an agency and its cluster has no origin of another publisher to measure it against';
