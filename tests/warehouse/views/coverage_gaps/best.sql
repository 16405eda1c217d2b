-- Of more than 20 weeks only the 20 best make the expectation; exactly a quarter is no gap; the last week is marked.
insert into given (article_id, publisher_id, published_at, published_precision)
select 'a' || week || '-' || n, 'post', timestamptz '2026-01-05 12:00:00+00' + to_days((7 * week)::integer), 'instant'
from range(20) as weeks (week), range(8) as numbers (n)
union all
select 'b' || n, 'post', timestamptz '2026-01-05 12:00:00+00' + to_days(140), 'instant' from range(2) as numbers (n)
union all
select 'c', 'post', timestamptz '2026-01-05 12:00:00+00' + to_days(147), 'instant';
