delete from ops.migrations
