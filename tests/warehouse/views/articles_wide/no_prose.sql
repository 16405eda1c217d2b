-- An article of which nothing counts for comparison, or that has no words at all, is its publisher's own.
insert into given (article_id, publisher_id, body, word_count) values
    ('captions', 'post', 'Photo Jane Roe', null),
    ('empty', null, '', 0);
