-- What became of the entries a run saw, by source and reason, the most frequent first.
select
    coalesce(sources.slug, entries.source_id) as source,
    entries.outcome,
    entries.reason,
    count(*) as entry_count,
    min(entries.url_raw) as example,
    min(entries.detail) as detail
from ops.entries as entries
left join sources on entries.source_id = sources.source_id
where entries.run_id = $run_id
group by all
order by entry_count desc, source, entries.outcome, entries.reason
