"""Export: the published tables and views as a folder of Parquet that is there whole or not at all."""

import json
import os
import tempfile
from dataclasses import asdict
from pathlib import Path

from flows.errors import OutputRefused
from flows.runs import utc_now
from warehouse.connection import reader
from warehouse.export import Exported, export_tables

MARKER = "_wirecopy_export.json"
"""What makes a folder an export; readers of Parquet leave names with an underscore out."""


def export(home: Path, target: Path, *, replace: bool = False) -> list[Exported]:
    """Write the published tables and views as Parquet into a new folder.

    They are written to a folder beside it that takes its name at the end. An export that is
    replaced is gone for the instant between two renames.

    Args:
        home: The data folder.
        target: The folder to make; it may exist and be empty.
        replace: Whether an earlier export of that name is replaced.

    Raises:
        OutputRefused: The folder holds something, or cannot be written.
        NotPublished: Nothing has been published yet.
    """
    target = target.absolute()
    _require_free(target, replace=replace)
    try:
        with (
            reader(home) as con,
            tempfile.TemporaryDirectory(
                dir=target.parent, prefix=f".{target.name}.", ignore_cleanup_errors=True
            ) as part,
        ):
            made = Path(part, "new")
            made.mkdir()
            tables = list(export_tables(con, made))
            contents = {
                "exported_at": utc_now().isoformat(),
                "tables": [asdict(table) for table in tables],
            }
            (made / MARKER).write_text(json.dumps(contents, indent=1) + "\n", encoding="utf-8")
            _sync(made)
            if target.exists():
                target.rename(Path(part, "old"))
            made.rename(target)
            _sync_one(target.parent)
    except OSError as error:
        raise OutputRefused(f"{target} cannot be written: {error.strerror or error}.") from error
    return tables


def _require_free(target: Path, *, replace: bool) -> None:
    if not target.exists():
        return
    if not target.is_dir():
        raise OutputRefused(f"{target} is no folder. Name one that does not exist yet.")
    if not any(target.iterdir()):
        return
    if not (target / MARKER).is_file():
        raise OutputRefused(
            f"{target} holds something that is no export; nothing was written. Name a folder that "
            "does not exist yet."
        )
    if not replace:
        raise OutputRefused(f"{target} holds an export. Give --replace, or name another folder.")


def _sync(folder: Path) -> None:
    """Bring everything under a folder to the disk, so that its name never stands for less."""
    for place, _, files in os.walk(folder):
        for name in files:
            _sync_one(Path(place, name))
        _sync_one(Path(place))


def _sync_one(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
