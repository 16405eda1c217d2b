-- Median and 95th percentile are over the articles a source loaded; what it only saw again is not its.
insert into given (article_id, publisher_id, published_at, published_precision, first_seen_at) values
    ('a', 'post', '2026-01-02 10:00:00+00', 'instant', '2026-01-02 10:01:00+00'),
    ('b', 'post', '2026-01-02 10:00:00+00', 'instant', '2026-01-02 10:03:00+00'),
    ('c', 'post', '2026-01-02 10:00:00+00', 'instant', '2026-01-02 10:21:00+00');
insert into sources (source_id, slug, url, kind, publisher_id) values
    ('s', 'post', 'https://post.example/feed', 'feed', null),
    ('t', 'other', 'https://other.example/feed', 'feed', null);
insert into ops.ledger
select 'l' || article_id, article_id, 'loaded', null, 1, null, article_id, 'run' from given;
insert into ops.entries (source_id, fetch_id, position, ledger_id, url_raw, outcome, reason, detail, run_id)
select 's', 'f', 0, 'l' || article_id, article_id, 'loaded', null, null, 'run' from given
union all
select 't', 'g', 0, 'la', 'a', 'duplicate', 'same_article', null, 'run'
union all
select 's', 'h', 0, 'la', 'a', 'loaded', null, null, 'run';
