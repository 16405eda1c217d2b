-- Weeks under a quarter of the mean of the best weeks are gaps, weeks without any article too.
insert into given (article_id, publisher_id, published_at, published_precision)
select 'a' || n, 'post', timestamptz '2026-01-05 12:00:00+00', 'instant' from range(9) as numbers (n)
union all
select 'b' || n, 'post', timestamptz '2026-01-12 12:00:00+00', 'instant' from range(1) as numbers (n)
union all
select 'c' || n, 'post', timestamptz '2026-01-26 00:00:00+00', 'day' from range(8) as numbers (n);
