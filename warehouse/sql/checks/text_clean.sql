-- Text holds no NUL, addresses hold no password.
select article_id
from articles
where contains(body, chr(0)) or contains(headline, chr(0)) or regexp_matches(url, '^[a-z]+://[^/]*:[^/]*@')
