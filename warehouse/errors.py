"""What can go wrong in the store, on one page.

    WarehouseError
      + WarehouseLocked      another program holds the file or the writer's lock
      + NotPublished         there is no published copy yet
      + SchemaTooNew         the file was made by a newer wirecopy
      + MigrationChanged     a migration this file was made with has been edited
      + CheckFailed          the tables break a promise
      + QueryFailed          an ad hoc query is wrong

Every message says what happened, to which file, and what to do next.
"""


class WarehouseError(Exception):
    """Anything the store reports to a person."""


class WarehouseLocked(WarehouseError):
    """Another program holds the database file or the writer's lock."""


class NotPublished(WarehouseError):
    """The published copy does not exist."""


class SchemaTooNew(WarehouseError):
    """The file holds migrations this version does not know."""


class SchemaTooOld(WarehouseError):
    """The file lacks migrations this version has."""


class MigrationChanged(WarehouseError):
    """A migration on disk differs from the one the file was made with."""


class CheckFailed(WarehouseError):
    """At least one check returned rows."""


class QueryFailed(WarehouseError):
    """DuckDB refused an ad hoc query."""
