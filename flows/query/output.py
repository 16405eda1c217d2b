"""Where an answer goes: to standard output as it is computed, or to a file that is there whole."""

import io
import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from flows.errors import OutputRefused
from flows.query import told
from flows.query.formats import Format, write
from warehouse import query as ad_hoc
from warehouse.connection import reader
from warehouse.errors import QueryFailed

_SUFFIXES: dict[str, Format] = {
    ".csv": "csv",
    ".json": "json",
    ".parquet": "parquet",
    ".txt": "table",
}


def chosen_format(form: Format | None, file: Path | None) -> Format:
    """The format asked for, else the one the file's suffix says, else a table.

    Raises:
        ValueError: Parquet without a file, or a suffix that says nothing; the message is for people.
    """
    if form is None and file is not None:
        form = _SUFFIXES.get(file.suffix.lower())
        if form is None:
            raise ValueError(
                f"{file} does not say which format to write. Give --format csv, json, parquet or "
                "table, or a file name that ends in one of these."
            )
    if form == "parquet" and file is None:
        raise ValueError("Parquet is no text. Name a file for it: -o answer.parquet.")
    return form or "table"


def answer(home: Path, query: str, form: Format, file: Path | None = None) -> None:
    """Ask the published copy and write the answer, to standard output or to a file.

    A file gets its name when all of it is written; an error leaves what was there before.

    Raises:
        QueryFailed: DuckDB refused the query.
        OutputRefused: The file cannot be written.
    """
    try:
        with reader(home) as con:
            if file is None:
                write(ad_hoc.stream(con, query), form, sys.stdout)
                sys.stdout.flush()
            elif form == "parquet":
                with _replacing(file) as out:
                    ad_hoc.write_parquet(con, query, out)
            else:
                with _replacing(file) as out, _text(out) as lines:
                    write(ad_hoc.stream(con, query), form, lines)
    except QueryFailed as error:
        raise told(error) from error


@contextmanager
def _text(out: IO[bytes]) -> Iterator[IO[str]]:
    """Text into a binary file that stays open."""
    lines = io.TextIOWrapper(out, encoding="utf-8", newline="")
    try:
        yield lines
    finally:
        lines.detach()  # flushes, and leaves the file open


@contextmanager
def _replacing(file: Path) -> Iterator[IO[bytes]]:
    """A file beside `file` that takes its name when the block ends well."""
    file = file.resolve()  # a link stays a link
    if file.exists() and not file.is_file():
        raise OutputRefused(f"{file} is no regular file: nothing was written.")
    try:
        with tempfile.NamedTemporaryFile(
            dir=file.parent, prefix=f".{file.name}.", suffix=".part", delete=False
        ) as out:
            part = Path(out.name)
            try:
                yield out
                out.flush()
                os.fsync(out.fileno())
                part.chmod(0o666 & ~_umask())  # as any new file; a temporary one is private
                part.replace(file)
            except BaseException:
                part.unlink(missing_ok=True)
                raise
    except OSError as error:
        raise OutputRefused(f"{file} cannot be written: {error.strerror}.") from error


def _umask() -> int:
    mask = os.umask(0o022)
    os.umask(mask)
    return mask
