-- A day gives no lag, and no certainty where it may have begun before the first.
insert into given (article_id, publisher_id, cluster_id, role, published_at, published_precision) values
    ('o', 'mpa', 'o', 'origin', '2026-01-02 10:00:00+00', 'instant'),
    ('day', 'post', 'o', 'reprint', '2026-01-02 00:00:00+00', 'day'),
    ('p', 'mpa', 'p', 'origin', '2026-01-05 10:00:00+00', 'instant'),
    ('before', 'post', 'p', 'reprint', '2026-01-02 00:00:00+00', 'day'),
    ('q', 'mpa', 'q', 'origin', '2026-01-02 10:00:00+00', 'instant'),
    ('after', 'post', 'q', 'reprint', '2026-01-04 00:00:00+00', 'day');
