-- Passages that overlap, touch or repeat count each word once.
insert into given (article_id, publisher_id, published_at, published_precision, body) values
    ('x', 'post', '2026-01-02 10:00:00+00', 'instant', 'a1 a2 a3 a4 a5 a6 a7 a8 a9 b1 b2 b3'),
    ('p', 'one', '2026-01-02 08:00:00+00', 'instant', 'a1 a2 a3 a4 a5 and no more'),
    ('q', 'two', '2026-01-02 09:00:00+00', 'instant', 'only a3 a4 a5 a6 here'),
    ('r', 'three', '2026-01-02 09:00:00+00', 'instant', 'and b2 here');
insert into given_passages values
    ('p', 'x', 'a1 a2 a3 a4 a5'),
    ('q', 'x', 'a3 a4 a5 a6'),
    ('p', 'x', 'a2 a3'),
    ('r', 'x', 'b2');
