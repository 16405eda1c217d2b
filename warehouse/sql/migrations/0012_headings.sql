-- Headings and rows of tables count in passages where two articles have the whole line; what stands in
-- articles of unknown publishers is told from furniture too. Stored articles are compared again.
alter table reuse.fingerprints add column headings blob;
comment on column reuse.fingerprints.prose is 'Spans of the body that are compared: pairs of 32-bit little-endian offsets';
comment on column reuse.fingerprints.headings is 'Spans of the body that count where another article has the whole line, likewise; null where a former version compared it';
comment on table reuse.lines is 'One row per line of an article: what may be furniture of its site';
comment on column reuse.lines.publisher_id is 'As in articles; empty if unknown';
comment on table passages is 'One row per run of text that articles of two publishers share, article_a < article_b; at least one of the two is the origin of its cluster, or the first of it to have the words. Headings and rows of tables count of a reprint and its origin, where both have the whole line; lines that are furniture of a site are left out; words that very many share in a day are compared with those that had them first';
comment on column reuse.seeds.seed is 'The hash, of six content words in a row; of two such runs that begin one word apart the lesser';
