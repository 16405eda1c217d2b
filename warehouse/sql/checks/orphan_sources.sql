-- Fetches and entries are of a source that exists.
select source_id from ops.fetches where source_id not in (select source_id from sources)
union all
select source_id from ops.entries where source_id not in (select source_id from sources)
