insert into article_authors by name
from staged_article_authors
