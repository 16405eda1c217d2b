-- The words changed between two texts that are compared are stored, once, and no others.
with paired as (
    select distinct base_body_sha256, body_sha256 from mart.edit_pairs
),
stored as (
    select
        base_body_sha256,
        body_sha256,
        count(*) as row_count,
        min(least(removed_word_count, added_word_count)) as least_count
    from mart.changed_words
    group by all
)
select
    paired.body_sha256,
    stored.body_sha256 as stored_body_sha256,
    stored.row_count
from paired
full join stored
    on paired.base_body_sha256 = stored.base_body_sha256 and paired.body_sha256 = stored.body_sha256
where paired.body_sha256 is null or stored.row_count is distinct from 1 or stored.least_count < 0
