-- Headings and rows of tables count in passages where two articles have the whole line; what stands in
-- articles of unknown publishers is told from furniture too. Stored articles are compared again.
alter table reuse.fingerprints add column headings blob;
comment on column reuse.fingerprints.prose is 'Spans of the body that are compared: pairs of 32-bit little-endian offsets';
comment on column reuse.fingerprints.headings is 'Spans of the body that count where another article has the whole line, likewise; null where a former version compared it';
comment on table reuse.lines is 'One row per line of an article: what may be furniture of its site';
comment on column reuse.lines.publisher_id is 'As in articles; empty if unknown';
