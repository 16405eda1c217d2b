-- Publishers are numbered as they got the text; copies add up, two of one publisher in one row.
insert into given (article_id, publisher_id, cluster_id, role, published_at, published_precision, headline) values
    ('o', 'mpa', 'o', 'origin', '2026-01-02 10:00:00+00', 'instant', 'Bridge shut'),
    ('p2', 'post', 'o', 'reprint', '2026-01-02 12:00:00+00', 'instant', 'Other'),
    ('p1', 'post', 'o', 'reprint', '2026-01-02 11:00:00+00', 'minute', 'Other'),
    ('h', 'herald', 'o', 'reprint', '2026-01-02 11:30:00+00', 'instant', 'Other'),
    ('alone', 'echo', 'alone', 'origin', '2026-01-02 11:30:00+00', 'instant', 'Alone'),
    ('s1', 'echo', 's1', 'origin', '2026-01-02 11:30:00+00', 'instant', 'One publisher'),
    ('s2', 'echo', 's1', 'reprint', '2026-01-02 12:30:00+00', 'instant', 'One publisher');
