-- A month with nothing of its own has no share without wire copy; an article without words is its own.
insert into given (article_id, publisher_id, published_at, published_precision, agency_role, body, word_count) values
    ('a', 'post', '2026-01-05 00:00:00+00', 'day', 'owner', 'w1 w2', null),
    ('b', 'herald', '2026-01-05 00:00:00+00', 'day', null, '', 0);
