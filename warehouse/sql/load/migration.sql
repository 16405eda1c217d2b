insert into ops.migrations (name, checksum, applied_at) values ($name, $checksum, $applied_at)
