insert into article_pages by name
from staged_article_pages
