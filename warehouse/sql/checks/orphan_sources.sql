-- Fetches and entries are of a source that exists, and the publisher of a source exists.
select source_id from ops.fetches where source_id not in (select source_id from sources)
union all
select source_id from ops.entries where source_id not in (select source_id from sources)
union all
select source_id from sources
where publisher_id is not null and publisher_id not in (select publisher_id from publishers)
