create schema if not exists ops;

create table if not exists ops.migrations (
    name varchar not null,
    checksum varchar not null,
    applied_at timestamptz not null
);
comment on table ops.migrations is 'One row per migration applied to this file';
comment on column ops.migrations.name is 'Name of the migration file';
comment on column ops.migrations.checksum is 'SHA-256 of its text; a migration is never edited once released';
comment on column ops.migrations.applied_at is 'When it was applied';
