-- Credited agency copy is not own reporting even where no other copy is held; an article without words has no share of words.
insert into given (article_id, publisher_id, agency_role, body, word_count) values
    ('wire', 'post', 'owner', 'w1 w2 w3', null),
    ('own', 'post', null, 'w4', null),
    ('empty', 'herald', null, '', 0);
