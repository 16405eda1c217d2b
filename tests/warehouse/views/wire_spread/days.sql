-- A day takes its place at its end: it never stands before an instant it may have followed.
insert into given (article_id, publisher_id, cluster_id, role, published_at, published_precision) values
    ('o', 'mpa', 'o', 'origin', '2026-01-02 10:00:00+00', 'instant'),
    ('d', 'post', 'o', 'reprint', '2026-01-02 00:00:00+00', 'day'),
    ('e', 'herald', 'o', 'reprint', '2026-01-05 08:00:00+00', 'instant');
