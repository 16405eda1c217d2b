-- A source of which nothing was loaded has a row without figures.
insert into sources (source_id, slug, url, kind, publisher_id) values ('s', 'post', 'https://post.example/feed', 'feed', null);
insert into ops.ledger values ('l', 'x', 'quarantined', 'truncated', 1, null, null, 'run');
insert into ops.entries (source_id, fetch_id, position, ledger_id, url_raw, outcome, reason, detail, run_id) values ('s', 'f', 0, 'l', 'x', 'quarantined', 'truncated', null, 'run');
