select
    (select count(*) from articles) as articles,
    (select count(distinct agency_id) from article_agencies) as agencies,
    (select count(*) from clusters where article_count > 1) as clusters,
    (select count(*) from passages) as passages,
    (select count(*) from ops.ledger where state in ('skipped', 'quarantined')) as rejections
