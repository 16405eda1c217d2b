insert into article_versions by name
from staged_article_versions
