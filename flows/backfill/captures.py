"""Reading what was captured from where it lies: the pages that the rows of `raw.pages` point to.

A place is a record of a WARC, a line of a JSONL file, or a whole file. Nothing is believed: what a
place holds must have the digest, and be the very capture, that its row names; else it counts as
changed or unreadable, and says so.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import zlib
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from io import BufferedReader
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO, Self, cast

from flows.archive import FileReading, open_regular
from flows.archive.jsonl import MAX_LINE_BYTES, capture_of_line
from flows.archive.page import page_captures
from flows.archive.warc import Gap, capture_of, records
from flows.readings import declared_of, with_defaults
from transforms.decode import storable
from transforms.records import Declared, Location, Page, Reason, Rejection
from transforms.urls import capture_id

_WARC = (".warc", ".warc.gz")
_JSONL = (".jsonl", ".jsonl.gz", ".ndjson", ".ndjson.gz")
_DAMAGE = (EOFError, zlib.error, gzip.BadGzipFile)

Place = Mapping[str, object]
"""A row of `raw.pages`."""


class Captures:
    """Reads captures; use it as a context manager, and ask in order of file and offset.

    Args:
        home: The data folder, to which the names of our own files are relative.
    """

    def __init__(self, home: Path) -> None:
        self._home = home
        self._name: str | None = None
        self._file: BufferedReader[Any] | None = None
        self._lines: BinaryIO | None = None
        self._at = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._close()

    def page(self, place: Place) -> Page | Rejection:
        """The page a row stands for, or why it cannot be had."""
        name, offset = str(place["warc_file"]), int(str(place["warc_offset"]))
        url = str(place["url"])
        try:
            found = self._found(name, offset, place)
        except (OSError, *_DAMAGE, ValueError) as error:
            self._close()
            return Rejection(url, Reason.UNREADABLE, storable(f"{name!r} cannot be read: {error}"))
        if isinstance(found, Rejection):
            return replace(found, url=url)
        page = _as_stored(found, place)
        digest = hashlib.sha256(page.payload).hexdigest()
        if digest != place["payload_sha256"] or capture_id(page) != place["page_id"]:
            detail = f"{name!r} no longer holds at byte {offset} what was captured from there."
            return Rejection(url, Reason.CHANGED, detail)
        return page

    def _found(self, name: str, offset: int, place: Place) -> Page | Rejection:
        lowered = name.lower()
        if lowered.endswith(_WARC):
            return self._record(name, offset)
        if lowered.endswith(_JSONL):
            return self._line(name, offset, place)
        return self._whole(name, place)

    def _record(self, name: str, offset: int) -> Page | Rejection:
        found = next(records(self._opened(name), offset), None)
        if found is None or isinstance(found, Gap) or found.offset != offset:
            detail = f"{name!r} holds no record at byte {offset}."
            return Rejection(name, Reason.UNREADABLE, detail)
        return capture_of(found, name=name, url=name)[1]

    def _line(self, name: str, offset: int, place: Place) -> Page | Rejection:
        if self._name != name or self._lines is None or offset < self._at:
            self._close()
            file = self._opened(name)
            packed = name.lower().endswith(".gz")
            self._lines = cast(BinaryIO, gzip.GzipFile(fileobj=file) if packed else file)
            self._at = 0
        while self._at < offset:
            part = self._lines.read(min(offset - self._at, 1 << 20))
            if not part:
                raise EOFError("it ends before the place of the capture")
            self._at += len(part)
        line = self._lines.readline(MAX_LINE_BYTES + 1)
        self._at += len(line)
        reading = _reading(self._home / name, "jsonl", place)
        return capture_of_line(reading, 0, offset, line)[1]

    def _whole(self, name: str, place: Place) -> Page | Rejection:
        path = self._home / name
        kind = "text" if str(place["content_type"]) == "text/plain" else "html"
        reading = _reading(path, kind, place)
        return next(page_captures(reading))[1]

    def _opened(self, name: str) -> BufferedReader[Any]:
        if self._file is None or self._name != name:
            self._close()
            self._file = open_regular(self._home / name)
            self._name = name
        return self._file

    def _close(self) -> None:
        if self._file is not None:
            self._file.close()
        self._file = self._lines = self._name = None


def _as_stored(page: Page, place: Place) -> Page:
    """The page with what its row says of it; of a JSONL record the line says more than the row."""
    said = place["declared"]
    stored = declared_of(json.loads(str(said))) if said is not None else Declared()
    final_url, status = place["final_url"], place["status_code"]
    stored_page = replace(
        page,
        url=str(place["url"]),
        content_type=str(place["content_type"]),
        fetched_at=cast(datetime, place["fetched_at"]),
        final_url=None if final_url is None else str(final_url),
        status_code=None if status is None else int(str(status)),
        location=Location(
            str(place["warc_file"]), int(str(place["warc_offset"])), int(str(place["warc_length"]))
        ),
        declared=page.declared if page.declared != Declared() else stored,
    )
    return with_defaults(stored_page, stored.source)


def _reading(path: Path, kind: str, place: Place) -> FileReading:
    at = cast(datetime, place["fetched_at"])
    return FileReading(path, path.as_uri(), kind, at, int(str(place["warc_length"])), None)
