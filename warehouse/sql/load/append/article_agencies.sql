insert into article_agencies by name
from staged_article_agencies
