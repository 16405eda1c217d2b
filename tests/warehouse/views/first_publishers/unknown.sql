-- Members without a date leave the first uncertain; unknown publishers count one each; without any date nobody was first.
insert into given (article_id, publisher_id, cluster_id, role, published_at, published_precision) values
    ('o', null, 'o', 'origin', '2026-01-02 10:00:00+00', 'instant'),
    ('u', null, 'o', 'reprint', null, null),
    ('n1', 'post', 'n1', 'origin', null, null),
    ('n2', 'herald', 'n1', 'reprint', null, null),
    ('t1', 'post', 't1', 'origin', '2026-01-02 10:00:00+00', 'instant'),
    ('t2', 'herald', 't1', 'reprint', '2026-01-02 10:00:00+00', 'instant');
