-- A reprint of the same words changes nothing, in whatever order its lines stand; an article alone has no row.
insert into given (article_id, publisher_id, cluster_id, role, body) values
    ('o', 'mpa', 'o', 'origin', E'First line of it.\nSecond line of it.'),
    ('r', null, 'o', 'reprint', E'Second line of it.\nFirst line of it.'),
    ('alone', 'post', 'alone', 'origin', 'Words of its own.');
