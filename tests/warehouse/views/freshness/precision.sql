-- Days, minutes, unknown dates and times after the load measure nothing and are counted.
insert into given (article_id, publisher_id, published_at, published_precision, first_seen_at) values
    ('instant', 'post', '2026-01-02 10:00:00+00', 'instant', '2026-01-02 10:01:00+00'),
    ('minute', 'post', '2026-01-02 10:00:00+00', 'minute', '2026-01-02 10:03:00+00'),
    ('day', 'post', '2026-01-02 00:00:00+00', 'day', '2026-01-02 10:03:00+00'),
    ('undated', null, null, null, '2026-01-02 10:03:00+00'),
    ('future', 'post', '2026-01-03 10:00:00+00', 'instant', '2026-01-02 10:03:00+00');
insert into sources (source_id, slug, url, kind, publisher_id) values ('s', 'post', 'https://post.example/feed', 'feed', null);
insert into ops.ledger
select 'l' || article_id, article_id, 'loaded', null, 1, null, article_id, 'run' from given;
insert into ops.entries (source_id, fetch_id, position, ledger_id, url_raw, outcome, reason, detail, run_id)
select 's', 'f', 0, 'l' || article_id, article_id, 'loaded', null, null, 'run' from given;
