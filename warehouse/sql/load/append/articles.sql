insert into articles by name
from staged_articles
