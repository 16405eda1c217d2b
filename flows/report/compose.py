"""From a data folder to a file: read, shape, draw, render, write."""

import os
import tempfile
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import version
from pathlib import Path

from flows.errors import WirecopyError
from flows.report.charts import drawings
from flows.report.contents import Contents, read
from flows.report.page import render
from flows.report.reader import prepare
from flows.report.volume import volume


@dataclass(frozen=True, slots=True)
class Written:
    """The file, its size in bytes, and how much of the archive it stands on."""

    path: Path
    bytes: int
    article_count: int
    pair_count: int

    def as_json(self) -> dict[str, object]:
        """Plain values for `--json`."""
        return {
            "path": str(self.path),
            "bytes": self.bytes,
            "articles": self.article_count,
            "pairs": self.pair_count,
        }


def write_report(home: Path, path: Path, now: datetime) -> Written:
    """Write the report on the published copy of a data folder; an older file is replaced whole.

    Raises:
        NotPublished: There is no published copy.
        WirecopyError: The file cannot be written.
    """
    contents = read(home, now)
    page, pair_count = compose(contents)
    written = page.encode("utf-8", errors="replace")
    _replace(path, written)
    return Written(path, len(written), contents.totals["article_count"], pair_count)


def compose(contents: Contents) -> tuple[str, int]:
    """The page, and how many pairs can be read in it."""
    shown_volume, reader = volume(contents.volume), prepare(contents)
    page = render(
        contents,
        shown_volume=shown_volume,
        reader=reader,
        drawings=drawings(contents, shown_volume),
        version=version("wirecopy"),
    )
    return page, len(reader.readings)


def _replace(path: Path, written: bytes) -> None:
    """Put the file in its place in one step: nobody sees half a page."""
    try:
        place, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        try:
            with os.fdopen(place, "wb") as file:
                file.write(written)
            # As any new file, not as a private one.
            mask = os.umask(0)
            os.umask(mask)
            Path(name).chmod(0o666 & ~mask)
            Path(name).replace(path)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
    except OSError as error:
        raise WirecopyError(
            f"{path} cannot be written: {error.strerror}. Name another file with -o."
        ) from error
