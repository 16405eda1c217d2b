-- Store the count of every article that has none stored.
insert into mart.wire_words by name
select article_id, wire_word_count, own_word_count
from mart.article_wire
where article_id not in (select article_id from mart.wire_words)
