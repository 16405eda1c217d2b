-- The current text stays, its number changes: an older capture has arrived late.
update articles
set version_no = staged.version_no
from staged_versions as staged
where articles.article_id = staged.article_id
