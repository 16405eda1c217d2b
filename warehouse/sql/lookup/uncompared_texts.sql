-- Texts that are compared and whose changed words are not stored yet, at most so many pairs. The same
-- two texts may come more than once: to leave that out takes memory that grows with the archive.
with pending as (
    select
        pairs.base_body_sha256,
        pairs.body_sha256,
        pairs.base_article_id,
        pairs.base_version_no,
        pairs.article_id,
        pairs.version_no
    from mart.edit_pairs as pairs
    anti join mart.changed_words as changed
        on pairs.base_body_sha256 = changed.base_body_sha256 and pairs.body_sha256 = changed.body_sha256
    limit $pair_count
)
select
    pending.base_body_sha256,
    pending.body_sha256,
    base.body as base_body,
    later.body
from pending
inner join article_versions as base
    on pending.base_article_id = base.article_id and pending.base_version_no = base.version_no
inner join article_versions as later
    on pending.article_id = later.article_id and pending.version_no = later.version_no
