-- The shingles of these articles, those published in these days or undated.
select article_key, shingles
from reuse.fingerprints
where
    article_key in (from staged_keys)
    and (published_at between $first_day and $last_day or published_at is null)
