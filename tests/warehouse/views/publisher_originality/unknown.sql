-- Articles of unknown publishers are one row a month, articles without a date one row a publisher.
insert into given (article_id, publisher_id, published_at, published_precision) values
    ('a', null, '2026-01-05 00:00:00+00', 'day'),
    ('b', null, '2026-01-06 00:00:00+00', 'day'),
    ('c', null, null, null),
    ('d', 'post', null, null);
