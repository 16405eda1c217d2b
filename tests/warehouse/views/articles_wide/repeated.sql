-- The same span lent by many is one span, and the words before it stay the article's own.
insert into given (article_id, publisher_id, published_at, published_precision, body)
select 'lender' || n, 'lender' || n, timestamptz '2026-01-02 08:00:00+00', 'instant', 'a1 a2 a3 x y z c1 c2'
from range(8) as numbers (n)
union all
select 'borrower', 'post', timestamptz '2026-01-03 08:00:00+00', 'instant', 'a1 a2 a3 b1 b2 b3 b4 c1 c2';
insert into given_passages
select 'borrower', 'lender' || n, passage
from range(8) as numbers (n), (values ('a1 a2 a3'), ('c1 c2')) as passages (passage);
