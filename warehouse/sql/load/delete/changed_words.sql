-- Forget the changed words of texts that are compared no more.
delete from mart.changed_words
where (base_body_sha256, body_sha256) not in (select (base_body_sha256, body_sha256) from mart.edit_pairs)
