-- Each version is compared with the one before it.
insert into given (article_id, publisher_id, version_no, headline, body) values
    ('a', 'post', 3, 'Bridge open', E'The bridge is open again.\nTwo people were hurt.');
insert into article_versions by name
select 'a' as article_id, 1 as version_no, 'Bridge shut' as headline, 'The bridge is shut.' as body, 'x' as body_sha256, 'p' as page_id, timestamptz '2026-01-02 08:00:00+00' as seen_at
union all
select 'a', 2, 'Bridge shut', E'The bridge is shut.\nTwo people were hurt.', 'y', 'q', timestamptz '2026-01-02 09:00:00+00';
