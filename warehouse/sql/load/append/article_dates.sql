insert into article_dates by name
from staged_article_dates
