"""Publishing: a whole copy of the writer's file takes the place of the last one in one step.

The live file is never replaced; readers who have the old copy open keep reading it.
"""

import os
import shutil
from pathlib import Path

from warehouse.connection import LIVE, PUBLISHED, Connection, published_log


def publish(con: Connection, home: Path) -> int:
    """Replace the published copy with the state of the live file; returns its size in bytes.

    `con` is the writer's connection, so nobody else writes meanwhile. The copy is on disk before
    it gets its name, and a crash at any instant leaves the old copy or the new one.
    """
    con.execute("force checkpoint")
    target = home / PUBLISHED
    draft = home / f".{PUBLISHED.name}.draft"  # one name: what a killed publish left is overwritten
    try:
        with (home / LIVE).open("rb") as source, draft.open("wb") as copy:
            shutil.copyfileobj(source, copy, 1 << 20)
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
