-- Unknown publishers and unknown dates make no weeks; one week alone is no gap.
insert into given (article_id, publisher_id, published_at, published_precision) values
    ('a', null, '2026-01-05 12:00:00+00', 'instant'),
    ('b', null, '2026-03-05 12:00:00+00', 'instant'),
    ('c', 'post', null, null),
    ('d', 'post', '2026-01-05 12:00:00+00', 'instant'),
    ('e', 'herald', null, null);
