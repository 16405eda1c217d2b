insert into mart.changed_words by name
from staged_changed_words
