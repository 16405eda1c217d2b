insert into article_urls by name
select staged.*
from staged_article_urls as staged
anti join article_urls as held
    on staged.article_id = held.article_id and staged.url = held.url and staged.kind = held.kind
