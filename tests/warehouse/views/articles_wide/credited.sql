-- A text that credits give to an agency is not the publisher's own, where no origin of another is there to measure it against; wire_ratio stays what is measured.
insert into given (article_id, publisher_id, cluster_id, role, agency_role, body) values
    ('only_copy', 'post', null, 'origin', 'owner', 'The bridge was shut'),
    ('twice', 'post', 'only_copy', 'reprint', 'owner', 'The bridge was shut'),
    ('partly', 'herald', null, 'origin', 'shared', 'With words of an agency');
update given set cluster_id = 'only_copy' where article_id = 'only_copy';
