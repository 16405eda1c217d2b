-- A text that was emptied has lost all its words.
insert into given (article_id, publisher_id, cluster_id, role, body, word_count) values
    ('o', 'mpa', 'o', 'origin', 'The bridge is shut.', null),
    ('r', 'post', 'o', 'reprint', '', 0);
