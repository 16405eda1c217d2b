-- The counts of wire copy are complete in every published copy: views read them and count nothing.

comment on table mart.wire_words is 'One row per article: its wire copy, counted before each publish (docs/decisions/0008-views.md); mart.article_wire shows it';
