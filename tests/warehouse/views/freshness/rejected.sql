-- A source of which nothing was loaded has a row without figures.
insert into sources values ('s', 'post', 'https://post.example/feed', 'feed', null);
insert into ops.ledger values ('l', 'x', 'quarantined', 'truncated', 1, null, null, 'run');
insert into ops.entries values ('s', 'f', 0, 'l', 'x', 'quarantined', 'truncated', null, 'run');
