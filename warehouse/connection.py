"""Opening the two files: the writer's own, one at a time, and the published copy, by anyone.

DuckDB lets one process write a file or many read it, and answers a conflict at once with an error.
So writers queue on a lock file with a deadline, and readers get a file no writer ever opens.
"""

import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeAlias

import duckdb
import filelock

from warehouse.errors import NotPublished, WarehouseError, WarehouseLocked

Connection: TypeAlias = duckdb.DuckDBPyConnection

LIVE = Path("live", "news.duckdb")
PUBLISHED = Path("news.duckdb")
LOCK = Path("live", "writer.lock")

# The buffer pool is bounded so that memory does not grow with the archive; what does not fit is
# read again or spilled (benchmarks/results/memory.md).
_WRITER_CONFIG: dict[str, str | bool | int | float | list[str]] = {
    "memory_limit": "160MB",
    "preserve_insertion_order": False,
    # Files stay readable by DuckDB 1.5 when written by 2.0.
    "storage_compatibility_version": "v1.5.0",
}


@contextmanager
def writer(home: Path, *, wait_s: float = 600, threads: int | None = None) -> Iterator[Connection]:
    """The writer's file, held by this process alone until the block ends.

    Args:
        home: The data folder.
        wait_s: How long to wait for another writer, in seconds.
        threads: How many threads a statement may use; as many as there are cores where None. Many short
            statements take less CPU with one: handing over costs more than a second thread brings.

    Raises:
        WarehouseLocked: Another writer, or a program that opened the live file, did not let go.
    """
    deadline = time.monotonic() + wait_s
    with exclusive(home, wait_s=wait_s):
        con = open_file(home / LIVE, deadline)
        try:
            if threads is not None:
                con.execute("set threads = $threads", {"threads": threads})
            yield con
        finally:
            con.close()


@contextmanager
def exclusive(home: Path, *, wait_s: float = 600) -> Iterator[None]:
    """The right to write the writer's file, or to put another in its place, until the block ends.

    Raises:
        WarehouseLocked: Another writer did not let go.
    """
    (home / LIVE).parent.mkdir(parents=True, exist_ok=True)
    lock = filelock.FileLock(home / LOCK)
    try:
        lock.acquire(timeout=wait_s)
    except filelock.Timeout:
        raise WarehouseLocked(
            f"Another wirecopy is loading into {home} and did not finish within {wait_s:g} s. "
            "Run this again later; nothing was changed."
        ) from None
    try:
        yield
    finally:
        lock.release()


def open_file(live: Path, deadline: float) -> Connection:
    """The file for writing, as soon as no other program has it open.

    Raises:
        WarehouseLocked: One still has it at the deadline.
        WarehouseError: It cannot be opened.
    """
    config = {**_WRITER_CONFIG, "temp_directory": str(live.with_suffix(".tmp"))}
    while True:
        try:
            con = duckdb.connect(str(live), config=config)
            con.execute("set TimeZone = 'UTC'")
        except duckdb.Error as error:
            if not _is_conflict(error):
                raise WarehouseError(
                    f"{live} cannot be opened: {error}. If it is damaged, move it away and ingest "
                    "the same files again; readers keep the copy that was published."
                ) from error
            if time.monotonic() > deadline:
                raise WarehouseLocked(
                    f"Another program has {live} open. Close it there: queries belong on "
                    f"{live.parent.parent / PUBLISHED}, which is never locked."
                ) from error
            time.sleep(0.2)
        else:
            return con


@contextmanager
def reader(home: Path) -> Iterator[Connection]:
    """The published copy, read-only, with no access to other files.

    Where a foreign program has opened the published file for writing, a private copy is read.

    Raises:
        NotPublished: Nothing has been published in this folder.
        WarehouseError: The published copy is damaged.
    """
    published = home / PUBLISHED
    if not published.exists():
        raise NotPublished(f"There is no {published} yet. Run `wirecopy ingest` first.")
    with tempfile.TemporaryDirectory(prefix="wirecopy-") as folder:
        try:
            con = _connect_published(home, Path(folder))
        except duckdb.Error as error:
            raise WarehouseError(
                f"{published} cannot be opened: {error}. `wirecopy publish` makes a new one."
            ) from error
        try:
            yield con
        finally:
            con.close()


def published_log(home: Path) -> Path:
    """Where a foreign program that opened the published copy for writing leaves its log.

    What stands in it was never published; DuckDB would replay it, or refuse the file because of it.
    """
    return home / f"{PUBLISHED}.wal"


def _connect_published(home: Path, folder: Path) -> Connection:
    """The published copy of one publish. DuckDB 2.0 reads the headers of a file and opens it by its name
    once more for the rest: if it was replaced between the two, it is opened again.
    """
    published = home / PUBLISHED
    while True:
        before = _identity(published)
        try:
            con = _connect_as_it_is(home, folder)
        except duckdb.Error:
            if _identity(published) == before:
                raise
            continue
        if _identity(published) == before:
            return con
        con.close()


def _identity(path: Path) -> tuple[int, int, int]:
    """What is another once a file was replaced."""
    found = path.stat()
    return found.st_ino, found.st_size, found.st_mtime_ns


def _connect_as_it_is(home: Path, folder: Path) -> Connection:
    """The published copy, or where a foreign program writes to it, a copy of it in `folder`."""
    published = home / PUBLISHED
    if not published_log(home).exists():
        try:
            return _connect_reader(published, folder)
        except duckdb.IOException as error:
            if not _is_conflict(error):
                raise
    return _connect_reader(Path(shutil.copy(published, folder)), folder)


def _is_conflict(error: duckdb.Error) -> bool:
    return "Could not set lock on file" in str(error)


def _connect_reader(path: Path, folder: Path) -> Connection:
    """Attached to a database in memory: connections to a path share one database in a process, and
    the second would get the copy, and the locked settings, of the first. Memory is bounded as DuckDB
    does it, by 80 % of the machine's; a query for a person may take that, and spills beyond it.
    """
    con = duckdb.connect(":memory:", config={"temp_directory": str(folder)})
    try:
        quoted = str(path).replace("'", "''")
        con.execute(f"attach '{quoted}' as {PUBLISHED.stem} (read_only)")
        con.execute(f"use {PUBLISHED.stem}")
        con.execute("set TimeZone = 'UTC'")
        # Ad hoc SQL can read what was published and nothing else on the machine.
        con.execute("set enable_external_access = false")
        con.execute("set lock_configuration = true")
    except duckdb.Error:
        con.close()
        raise
    return con


@contextmanager
def transaction(con: Connection) -> Iterator[None]:
    """All or nothing: commits when the block ends, rolls back when it raises."""
    con.begin()
    try:
        yield
    except BaseException:
        con.rollback()
        raise
    con.commit()
