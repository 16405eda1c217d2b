-- The words of a reprint that stand in a passage with the origin are wire copy, the origin's are not.
insert into given (article_id, publisher_id, cluster_id, role, agency_role, body) values
    ('origin', 'mpa', 'origin', 'origin', 'self', 'The bridge was shut at noon. Nobody was hurt.'),
    ('reprint', 'post', 'origin', 'reprint', 'owner', E'The bridge was shut at noon.\nFerries run all night'),
    ('alone', 'herald', null, 'origin', null, 'Our own reporter walked across the hill');
insert into given_passages values ('origin', 'reprint', 'The bridge was shut at noon');
