-- Of two articles in different clusters the agency's own copy lends, else the earlier; where neither is known to be earlier, the words count in both.
insert into given (article_id, publisher_id, published_at, published_precision, agency_role, body) values
    ('agency', 'mpa', '2026-01-02 12:00:00+00', 'instant', 'self', 's1 s2 and own words'),
    ('before', 'post', '2026-01-02 08:00:00+00', 'instant', null, 's1 s2 t1 t2'),
    ('after', 'herald', '2026-01-02 09:00:00+00', 'minute', null, 't1 t2 elsewhere'),
    ('same_day', 'echo', '2026-01-02 00:00:00+00', 'day', null, 'u1 u2 today'),
    ('that_day', 'mail', '2026-01-02 15:00:00+00', 'instant', null, 'u1 u2 v1 v2'),
    ('undated', null, null, null, null, 'v1 v2 some time'),
    ('next_week', 'radio', '2026-01-09 00:00:00+00', 'day', null, 'v1 v2 w1 w2 later');
insert into given_passages values
    ('agency', 'before', 's1 s2'),
    ('before', 'after', 't1 t2'),
    ('same_day', 'that_day', 'u1 u2'),
    ('that_day', 'undated', 'v1 v2'),
    ('that_day', 'next_week', 'v1 v2');
