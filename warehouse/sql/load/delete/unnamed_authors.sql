-- Authors of a version that is no longer the current one, and of no other article.
delete from authors
where
    author_id in (from staged_ids)
    and author_id not in (select author_id from article_authors)
