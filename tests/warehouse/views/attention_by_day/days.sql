-- Days are of UTC; a day's share is of the publisher's calendar month, with and without wire copy.
insert into given (article_id, publisher_id, published_at, published_precision, agency_role) values
    ('a', 'post', '2026-01-05 23:30:00-02:00', 'instant', null),
    ('b', 'post', '2026-01-06 05:00:00+00', 'instant', 'owner'),
    ('c', 'post', '2026-01-07 00:00:00+00', 'day', null),
    ('d', 'post', '2026-01-07 12:00:00+00', 'minute', null),
    ('e', 'post', '2026-02-01 00:00:00+00', 'day', null),
    ('f', 'herald', '2026-01-07 12:00:00+00', 'instant', null);
