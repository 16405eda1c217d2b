-- All sources, as sources.toml and polling left them.
select
    source_id,
    slug,
    url,
    kind,
    publisher,
    language,
    timezone,
    every_s,
    is_enabled,
    is_precision_favored,
    max_entries,
    parent_id,
    is_listed
from sources
