insert into raw.pages by name
from staged_pages
