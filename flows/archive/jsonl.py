"""JSON Lines, plain or gzip: one article a line, streamed; a bad line is one bad entry."""

import gzip
import json
import math
import zlib
from collections.abc import Iterator, Mapping
from typing import BinaryIO

from flows.archive import FileReading, open_regular, utc_instant
from flows.readings import SOURCE_KEY
from transforms.decode import storable
from transforms.records import Declared, Location, Page, Reason, Rejection

MAX_LINE_BYTES = 32 << 20
_KNOWN = frozenset(
    {"url", "id", "text", "html", "headline", "published", "publisher", "language", "authors"}
    | {"fetched_at", SOURCE_KEY}
)
_MAX_DEPTH = 32
_MAX_INTEGER = 1 << 63

Capture = tuple[str, Page | Rejection]


def jsonl_captures(reading: FileReading) -> Iterator[Capture]:
    """The records of a file in order; where the file breaks off, a last entry says so."""
    number = 0
    try:
        with open_regular(reading.path) as file:
            packed = reading.path.suffix.lower() == ".gz"
            stream: BinaryIO = gzip.GzipFile(fileobj=file) if packed else file  # type: ignore[assignment]
            for number, offset, line in _lines(stream):
                yield capture_of_line(reading, number, offset, line)
    except (EOFError, zlib.error, gzip.BadGzipFile, OSError) as error:
        url = f"{reading.url}#line={number + 1}"
        damaged = isinstance(error, EOFError | zlib.error | gzip.BadGzipFile)
        reason = Reason.TRUNCATED if damaged else Reason.UNREADABLE
        detail = f"{reading.path.name!r} breaks off after line {number}: {error}"
        yield url, Rejection(url, reason, detail)


def _lines(stream: BinaryIO) -> Iterator[tuple[int, int, bytes | None]]:
    """Number from 1, offset in the stream and bytes of each line that is not blank.

    A line longer than MAX_LINE_BYTES comes as None, its bytes read past and forgotten.
    """
    number = offset = 0
    while line := stream.readline(MAX_LINE_BYTES + 1):
        number += 1
        length = len(line)
        content: bytes | None = line
        while len(line) > MAX_LINE_BYTES and not line.endswith(b"\n"):
            content = None
            line = stream.readline(MAX_LINE_BYTES + 1)
            length += len(line)
        if content is None or content.strip():
            yield number, offset, content
        offset += length


def capture_of_line(reading: FileReading, number: int, offset: int, line: bytes | None) -> Capture:
    """The address and the page of a line (None: too long to be held), or why it holds none."""
    place = f"{reading.url}#line={number}"

    def rejected(reason: Reason, detail: str) -> Capture:
        return place, Rejection(place, reason, f"{reading.path.name!r} line {number} {detail}")

    if line is None:
        return rejected(Reason.TOO_LARGE, f"is longer than {MAX_LINE_BYTES:,} bytes")
    try:
        record = json.loads(line.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        return rejected(Reason.INVALID_JSON, f"is not JSON: {error}")
    if not isinstance(record, dict):
        return rejected(Reason.INVALID_RECORD, "is not a JSON object")
    address = record.get("url")
    if address in (None, ""):
        address = record.get("id")
    if not isinstance(address, str | int) or isinstance(address, bool) or not str(address).strip():
        return rejected(Reason.INVALID_RECORD, 'has neither a "url" nor an "id"')
    url = storable(str(address).strip())
    text, html = record.get("text"), record.get("html")
    # An empty text beside a page says nothing; the page does.
    has_text = isinstance(text, str) and (text.strip() or not isinstance(html, str))
    payload = text if has_text else html
    if not isinstance(payload, str):
        return rejected(
            Reason.INVALID_RECORD, 'has neither a "text" nor an "html" that is a string'
        )
    kind = "plain" if has_text else "html"
    fetched_at = utc_instant(record.get("fetched_at"))
    page = Page(
        url=url,
        payload=storable(payload).encode(),
        content_type=f"text/{kind}; charset=utf-8",
        fetched_at=fetched_at or reading.modified_at,
        location=Location(reading.name, offset, len(line)),
        declared=_declared(record),
        is_dated=fetched_at is not None,
    )
    return url, page


def _declared(record: Mapping[str, object]) -> Declared:
    return Declared(
        headline=_string(record.get("headline")),
        published=_string(record.get("published")),
        publisher=_string(record.get("publisher")),
        language=_string(record.get("language")),
        authors=_strings(record.get("authors")),
        extra={storable(key): _plain(record[key]) for key in record if key not in _KNOWN},
    )


def _string(value: object) -> str | None:
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    return storable(str(value)).strip() or None


def _strings(value: object) -> tuple[str, ...]:
    values = value if isinstance(value, list) else [value]
    return tuple(text for text in map(_string, values) if text)


def _plain(value: object, depth: int = 0) -> object:
    """A JSON value that every store takes: what JSON proper cannot hold is given as text or null."""
    if isinstance(value, str):
        return storable(value)
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, int) and not isinstance(value, bool):
        return value if abs(value) < _MAX_INTEGER else str(value)
    if isinstance(value, list | dict) and depth == _MAX_DEPTH:
        return None
    if isinstance(value, list):
        return [_plain(each, depth + 1) for each in value]
    if isinstance(value, dict):
        return {storable(str(key)): _plain(each, depth + 1) for key, each in value.items()}
    return value
