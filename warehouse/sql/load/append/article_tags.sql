insert into article_tags by name
from staged_article_tags
