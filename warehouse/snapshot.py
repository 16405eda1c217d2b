"""Publishing: a whole copy of the writer's file takes the place of the last one in one step.

The live file is never replaced; readers who have the old copy open keep reading it. What was weighed
against a whole copy, and what it costs: docs/decisions/0016-publish-cost.md.
"""

import os
import shutil
from pathlib import Path
from typing import IO

from warehouse.connection import LIVE, PUBLISHED, Connection, published_log

_HEADERS = 3 * 4096
"""A DuckDB file begins with three headers; a checkpoint that changes anything changes one of them."""

_STEP = 1 << 30


def publish(con: Connection, home: Path) -> int:
    """Replace the published copy with the state of the live file; returns its size in bytes.

    `con` is the writer's connection, so nobody else writes meanwhile. The copy is on disk before
    it gets its name, and a crash at any instant leaves the old copy or the new one. Where the copy
    is of this very state already, it stays and is marked as made now.
    """
    con.execute("force checkpoint")
    live, target = home / LIVE, home / PUBLISHED
    if _is_current(home):
        os.utime(target)
        return target.stat().st_size
    draft = home / f".{PUBLISHED.name}.draft"  # one name: what a killed publish left is overwritten
    try:
        with live.open("rb") as source, draft.open("wb") as copy:
            _copy(source, copy)
            copy.flush()
            os.fsync(copy.fileno())
        # A foreign program that opened the old copy for writing may have left a log beside it;
        # it belongs to the old copy and must not be replayed into the new one.
        published_log(home).unlink(missing_ok=True)
        draft.replace(target)
    finally:
        draft.unlink(missing_ok=True)
    folder = os.open(home, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
    return target.stat().st_size


def _is_current(home: Path) -> bool:
    """Whether the published copy was made of the live file since that was last written."""
    live, target = home / LIVE, home / PUBLISHED
    if not target.exists() or published_log(home).exists():
        return False
    ours, theirs = live.stat(), target.stat()
    if ours.st_size != theirs.st_size or ours.st_mtime_ns > theirs.st_mtime_ns:
        return False
    with live.open("rb") as source, target.open("rb") as copy:
        return source.read(_HEADERS) == copy.read(_HEADERS)


def _copy(source: IO[bytes], copy: IO[bytes]) -> None:
    """Copy a file inside the kernel, which on Btrfs and XFS shares its blocks and writes nothing."""
    size = os.fstat(source.fileno()).st_size
    if hasattr(os, "copy_file_range"):
        try:
            while os.copy_file_range(source.fileno(), copy.fileno(), _STEP):
                pass
        except OSError:  # a file system that cannot; what the disk lacks shows below again
            source.seek(0)
            copy.seek(0)
    if os.fstat(copy.fileno()).st_size != size:
        shutil.copyfileobj(source, copy, 1 << 20)
