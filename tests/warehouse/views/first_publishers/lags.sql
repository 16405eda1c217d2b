-- Lags are seconds behind the earliest and behind the origin; a reprint before the agency's own page has a negative one.
insert into given (article_id, publisher_id, cluster_id, role, published_at, published_precision) values
    ('o', 'mpa', 'o', 'origin', '2026-01-02 10:00:00+00', 'instant'),
    ('early', 'post', 'o', 'reprint', '2026-01-02 09:00:00+00', 'instant'),
    ('late', 'herald', 'o', 'reprint', '2026-01-02 10:30:00+00', 'minute'),
    ('alone', 'post', 'alone', 'origin', '2026-01-02 10:00:00+00', 'instant'),
    ('same1', 'post', 'same1', 'origin', '2026-01-02 10:00:00+00', 'instant'),
    ('same2', 'post', 'same1', 'reprint', '2026-01-02 11:00:00+00', 'instant');
