-- Articles and words are summed by publisher and month; an article is its own when more than half of it is.
insert into given (article_id, publisher_id, published_at, published_precision, cluster_id, role, body) values
    ('agency', 'mpa', '2026-01-31 23:00:00+00', 'instant', 'agency', 'origin', 'w1 w2 w3 w4'),
    ('copied', 'post', '2026-01-31 23:30:00+00', 'instant', 'agency', 'reprint', 'w1 w2 w3 w4 and one more word'),
    ('borrowing', 'post', '2026-01-31 23:40:00+00', 'instant', null, 'origin', 'w1 w2 then much of its own'),
    ('next_month', 'post', '2026-02-01 00:00:00+00', 'instant', null, 'origin', 'wholly its own');
update given set cluster_id = 'agency' where article_id = 'agency';
insert into given_passages values ('agency', 'copied', 'w1 w2 w3 w4'), ('agency', 'borrowing', 'w1 w2');
