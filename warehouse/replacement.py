"""Making the writer's file anew beside it, and putting it in its place.

The file is never replaced while anybody has it open: whoever replaces it holds the writer's right,
has opened it alone just before, and has closed it. A crash at any instant leaves the old file or the
new one, whole.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from warehouse.connection import LIVE, Connection, open_file
from warehouse.errors import WarehouseLocked
from warehouse.migrate import migrate
from warehouse.statements import statement

Tables = Callable[[str], bool]
"""Whether a table, named with its schema, is to be carried over."""


@contextmanager
def fresh_file(path: Path, now: datetime) -> Iterator[Connection]:
    """A new file with all tables and nothing in them; on disk when the block ends."""
    path.parent.mkdir(parents=True, exist_ok=True)
    for old in (path, _log_of(path)):
        old.unlink(missing_ok=True)
    con = open_file(path, time.monotonic())
    try:
        migrate(con, now)
        yield con
        con.execute("force checkpoint")
    finally:
        con.close()


@contextmanager
def beside(con: Connection, former: Path) -> Iterator[None]:
    """Another file to read from, as the database `former`, until the block ends."""
    quoted = str(former).replace("'", "''")
    con.execute(f"attach '{quoted}' as former (read_only)")
    try:
        yield
    finally:
        con.execute("detach former")


def carry_tables(con: Connection, wanted: Tables) -> None:
    """Copy the rows of these tables from `former`; tables or columns it lacks stay empty."""
    text = statement("load/carried_rows")
    former = {
        f"{schema}.{table}"
        for schema, table in con.execute(statement("lookup/former_tables")).fetchall()
    }
    for schema, table, _ in con.execute(statement("describe/own_tables")).fetchall():
        name = f"{schema}.{table}"
        if name in former and wanted(name):
            con.execute(
                text.replace("fresh_rows", f'"{schema}"."{table}"').replace(
                    "former_rows", f'former."{schema}"."{table}"'
                )
            )


def put_in_place(home: Path, fresh: Path, *, wait_s: float) -> None:
    """Make a new file the writer's file; call it inside `connection.exclusive`.

    Raises:
        WarehouseLocked: A program has the old file open.
    """
    live = home / LIVE
    settle(home, wait_s=wait_s)
    for log in (_log_of(live), _log_of(fresh)):
        if log.exists():
            raise WarehouseLocked(f"{log} is in use; close the program that writes it.")
    with fresh.open("rb") as file:
        os.fsync(file.fileno())
    fresh.replace(live)
    folder = os.open(live.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def settle(home: Path, *, wait_s: float) -> None:
    """Open the writer's file alone, take in its log, and close it; inside `connection.exclusive`.

    Raises:
        WarehouseLocked: A program has it open.
    """
    con = open_file(home / LIVE, time.monotonic() + wait_s)
    try:
        con.execute("force checkpoint")
    finally:
        con.close()


def _log_of(path: Path) -> Path:
    return path.with_name(f"{path.name}.wal")
