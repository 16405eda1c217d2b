-- The wire copy of these articles is counted again before the next publish.
delete from mart.wire_words where article_id in (from staged_ids)
