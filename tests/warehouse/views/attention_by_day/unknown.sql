-- Nothing is lost: undated articles are a row with no day, those of unknown publishers rows with no publisher.
insert into given (article_id, publisher_id, published_at, published_precision) values
    ('a', 'post', null, null),
    ('b', 'post', null, null),
    ('c', null, null, null),
    ('d', null, '2026-01-07 12:00:00+00', 'instant');
