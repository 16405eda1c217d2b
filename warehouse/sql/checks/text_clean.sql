-- No text is empty or holds a NUL, no address holds a password.
select article_id, 'text' as place
from articles
where body = '' or contains(body, chr(0)) or contains(headline, chr(0))
union all
select article_id, 'version'
from article_versions
where body = '' or contains(body, chr(0)) or contains(headline, chr(0))
union all
select article_id, 'articles.url'
from articles
where regexp_matches(url, '^[a-z]+://[^/?#]*:[^/?#]*@')
union all
select page_id, 'raw.pages.url'
from raw.pages
where
    regexp_matches(url, '^[a-z]+://[^/?#]*:[^/?#]*@')
    or regexp_matches(final_url, '^[a-z]+://[^/?#]*:[^/?#]*@')
