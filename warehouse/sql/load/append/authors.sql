-- An author is one row however often named.
insert into authors by name
select author_id, name
from staged_authors
where author_id not in (select author_id from authors)
