select name, checksum from ops.migrations order by name
