-- What sites said in robots.txt, as far as it may still be used.
select origin, fetched_at, status_code, body
from ops.robots_files
where fetched_at > $since
