"""Bringing a file up to date: numbered migrations, applied once, in order, each in a transaction."""

from datetime import datetime

from warehouse.connection import Connection, transaction
from warehouse.errors import MigrationChanged, SchemaTooNew, SchemaTooOld
from warehouse.statements import checksum, names, statement


def migrate(con: Connection, now: datetime) -> list[str]:
    """Apply what is missing and re-create the views.

    Returns:
        The names of the migrations applied now.

    Raises:
        SchemaTooNew: The file has migrations this version does not know.
        MigrationChanged: A migration was edited after it had been applied to this file.
    """
    con.execute(statement("migrations_table"))
    applied = dict(con.execute(statement("lookup/migrations")).fetchall())
    known = names("migrations")
    if unknown := sorted(applied.keys() - set(known)):
        raise SchemaTooNew(
            f"This data folder was made by a newer wirecopy (it has {', '.join(unknown)}). "
            "Update wirecopy, or choose another --home."
        )
    for name in sorted(applied):
        if applied[name] != checksum(f"migrations/{name}"):
            raise MigrationChanged(
                f"The migration {name} is not the one this data folder was made with. Put the "
                "file back as it was released; changes go into a new migration."
            )
    pending = [name for name in known if name not in applied]
    for name in pending:
        with transaction(con):
            con.execute(statement(f"migrations/{name}"))
            con.execute(
                statement("load/migration"),
                {"name": name, "checksum": checksum(f"migrations/{name}"), "applied_at": now},
            )
    with transaction(con):
        for name in names("views"):
            con.execute(statement(f"views/{name}"))
    return pending


def require_current(con: Connection) -> None:
    """Refuse a file that a run must bring up to date first.

    Raises:
        SchemaTooOld: It lacks migrations this version has.
    """
    if not is_current(con):
        raise SchemaTooOld(
            "This data folder was made by an older wirecopy. The next `wirecopy ingest` brings it up "
            "to date and publishes; until then readers keep the copy they have."
        )


def is_current(con: Connection) -> bool:
    """Whether a file has every migration this version knows; nothing is changed."""
    tables = con.execute(statement("describe/tables")).fetchall()
    if ("ops", "migrations") not in {(schema, table) for schema, table, _ in tables}:
        return False
    applied = dict(con.execute(statement("lookup/migrations")).fetchall())
    return applied.keys() >= set(names("migrations"))
