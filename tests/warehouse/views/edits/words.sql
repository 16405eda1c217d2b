-- One word replaced is one removed and one added; lines left out and put in are whole; quotation marks in another style are no edit.
insert into given (article_id, publisher_id, cluster_id, role, headline, body) values
    ('o', 'mpa', 'o', 'origin', 'Bridge shut', E'There are three ships in the harbour today.\n"Nobody was hurt," said the master.\nThe bridge opened in 1931.'),
    ('r', 'post', 'o', 'reprint', 'Ships wait', E'There are five ships in the harbour today.\n“Nobody was hurt,” said the master.\nSchools stay open.');
