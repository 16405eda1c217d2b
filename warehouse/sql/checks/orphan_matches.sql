-- Matches are between articles.
select article_a, article_b
from matches
where
    article_a not in (select article_id from articles)
    or article_b not in (select article_id from articles)
