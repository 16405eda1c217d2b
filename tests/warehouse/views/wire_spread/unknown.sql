-- Publishers without a date have no place in the order and are counted; two unknown ones are two.
insert into given (article_id, publisher_id, cluster_id, role, published_at, published_precision) values
    ('o', 'mpa', 'o', 'origin', '2026-01-02 10:00:00+00', 'instant'),
    ('u', null, 'o', 'reprint', null, null),
    ('v', null, 'o', 'reprint', '2026-01-02 11:00:00+00', 'instant'),
    ('w', 'post', 'o', 'reprint', null, null);
