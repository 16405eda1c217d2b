"""WARC files, plain or gzip per record (ISO 28500): each captured answer is a page, streamed.

The reader is our own because an archive is hostile input too: it believes no length, holds one
record of bounded size, writes nothing to the terminal, and what it cannot read is an entry that
says so. In a gzip archive it goes on with the next record behind the damage.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from io import BufferedReader
from pathlib import Path
from typing import Any

from flows.archive import MAX_FILE_BYTES, FileReading, open_regular, utc_instant
from flows.archive.gzip_members import MAGIC, Member, find_member
from flows.archive.http_answers import page_type, parse_answer, parse_headers
from flows.archive.own_records import earlier_place, page_context
from flows.readings import with_defaults
from transforms.decode import decode_body, storable
from transforms.records import Location, Page, Reason, Rejection

_PAGE_RECORDS = frozenset({"response", "resource"})
_BEGINNING = b"WARC/"
_MAX_HEADER = 1 << 16
_MAX_PADDING = 1 << 10
_READ = 1 << 16

Capture = tuple[str, Page | Rejection]


class _Damage(Exception):
    """The archive is not what it should be here; the message says how."""


@dataclass(frozen=True, slots=True)
class Record:
    """One record: headers by lower-case name; `block` is None where none was wanted.

    `offset` and `length` are bytes of the file as stored. `missing` is how many bytes of the block
    the file does not hold.
    """

    headers: dict[str, str]
    block: bytes | None
    offset: int
    length: int
    missing: int


@dataclass(frozen=True, slots=True)
class Gap:
    """A place that cannot be read, and why."""

    offset: int
    reason: Reason
    why: str


@dataclass(frozen=True, slots=True)
class _Content:
    """What a record captured: the payload, its type, and the status it came with."""

    payload: bytes
    content_type: str
    status: int | None


def warc_captures(reading: FileReading) -> Iterator[Capture]:
    """The answers a WARC holds, in order; requests, revisits and metadata are no entries."""
    try:
        with open_regular(reading.path) as file:
            for found in records(file):
                if isinstance(found, Gap) or is_page(found.headers) or found.missing:
                    yield capture_of(found, name=reading.name, url=reading.url)
                elif resolved := earlier_of(found, reading.path):
                    earlier, path = resolved
                    yield capture_of(earlier, name=str(path), url=path.as_uri())
    except OSError as error:
        detail = f"{reading.path.name!r} cannot be read: {error}"
        yield reading.url, Rejection(reading.url, Reason.UNREADABLE, storable(detail))


def records(file: BufferedReader[Any], offset: int = 0) -> Iterator[Record | Gap]:
    """All records from this place on, which must be where one begins, and what cannot be read.

    Raises:
        OSError: The file cannot be read.
    """
    file.seek(offset)
    packed = file.peek(len(MAGIC)).startswith(MAGIC)
    return _packed_records(file, offset) if packed else _plain_records(file, offset)


def capture_of(found: Record | Gap, *, name: str, url: str) -> Capture:
    """The address and the page of a record, or why it holds none.

    Args:
        found: A record, or a place that cannot be read.
        name: What `raw.pages` calls the file.
        url: The file's address.
    """
    label = repr(name.rpartition("/")[2])
    if isinstance(found, Gap):
        place = f"{url}#offset={found.offset}"
        detail = f"{label} is damaged at byte {found.offset}: {found.why}"
        return place, Rejection(place, found.reason, detail)
    target = target_of(found.headers)
    context = page_context(found.headers)
    place = context.url or storable(target) or f"{url}#offset={found.offset}"
    fetched_at = context.captured_at or utc_instant(found.headers.get("warc-date"))
    content: _Content | tuple[Reason, str]
    if found.missing:
        content = Reason.TRUNCATED, "is cut short or damaged"
    elif found.block is None:
        content = Reason.TOO_LARGE, f"is larger than {MAX_FILE_BYTES:,} bytes"
    elif not target or fetched_at is None:
        content = Reason.INVALID_RECORD, "names no address, or no time"
    else:
        content = _content(found.headers, found.block)
    if not isinstance(content, _Content) or fetched_at is None:
        reason, why = content if isinstance(content, tuple) else (Reason.INVALID_RECORD, "")
        detail = f"the record at byte {found.offset} of {label} {why}"
        return place, Rejection(place, reason, storable(detail))
    location = Location(name, found.offset, found.length)
    kind = content.content_type
    page = Page(
        place,
        content.payload,
        kind,
        fetched_at,
        location,
        final_url=None if context.captured_at or storable(target) == place else storable(target),
        status_code=content.status,
        declared=context.declared,
        favor_precision=context.favor_precision,
        timezone=context.timezone,
    )
    return place, with_defaults(page, None)


def earlier_of(found: Record, path: Path) -> tuple[Record, Path] | None:
    """The record that holds the body of one of our revisits, as captured when that was; and its file.

    Revisits by others, and those that do not lead to a whole record of the same data folder, give
    None: they hold nothing new.
    """
    place = earlier_place(found.headers, path)
    if place is None:
        return None
    try:
        with open_regular(place.path) as file:
            earlier = next(records(file, place.offset), None)
    except OSError:
        return None
    if not isinstance(earlier, Record) or earlier.missing or not is_page(earlier.headers):
        return None
    own = ("warc-date", "warc-target-uri", "x-wirecopy-context", "x-wirecopy-via")
    headers = {key: value for key, value in earlier.headers.items() if key not in own}
    headers |= {key: found.headers[key] for key in own if key in found.headers}
    return replace(earlier, headers=headers), place.path


def target_of(headers: dict[str, str]) -> str:
    """The address a record is of, "" where it names none."""
    return headers.get("warc-target-uri", "").strip("<>")


def is_page(headers: dict[str, str]) -> bool:
    """Whether a record with these headers may hold a page."""
    return _type_of(headers) in _PAGE_RECORDS


def _content(headers: dict[str, str], block: bytes) -> _Content | tuple[Reason, str]:
    """The page a whole record holds, or why it holds none."""
    body: bytes | Reason = block
    status, coding, sent = None, None, headers.get("content-type", "")
    if _type_of(headers) == "response" and (not sent or "application/http" in sent.lower()):
        answer = parse_answer(block)
        if answer is None:
            return Reason.INVALID_RECORD, "holds no HTTP answer"
        if not 200 <= answer.status < 300:
            return Reason.HTTP_STATUS, f"answered {answer.status}"
        status, body = answer.status, answer.body
        coding = answer.headers.get("content-encoding")
        sent = answer.headers.get("content-type", "")
    payload = decode_body(body, coding) if isinstance(body, bytes) else body
    kind = page_type(sent, payload if isinstance(payload, bytes) else b"")
    if kind is None:
        return Reason.UNSUPPORTED_TYPE, f"is of type {storable(sent)[:80]!r}"
    if isinstance(payload, Reason):
        return payload, "has a body that is cut short, damaged, or too large unpacked"
    return _Content(payload, kind, status)


def _plain_records(file: BufferedReader[Any], offset: int) -> Iterator[Record | Gap]:
    """Records one after the other; behind damage nothing tells where the next begins."""
    file.seek(offset)
    while True:
        offset = file.tell()
        try:
            _skip_blank(file)
            offset = file.tell()
            if not file.peek(1):
                return
            headers, size = _header(file)
        except _Damage as damage:
            yield Gap(offset, Reason.INVALID_RECORD, str(damage))
            return
        block, missing = _block(file, headers, size)
        yield Record(headers, block, offset, file.tell() - offset, missing)


def _packed_records(file: BufferedReader[Any], begin: int) -> Iterator[Record | Gap]:
    """One record in each gzip member; behind damage the next member that begins one is looked for."""
    at: int | None = begin
    while at is not None:
        offset = at
        headers: dict[str, str] = {}
        try:
            member = Member(file, offset)
            stream = BufferedReader(member, _READ)
            _skip_blank(stream)
            if stream.peek(1):
                headers, size = _header(stream)
                block, missing = _block(stream, headers, size)
                _expect_end(stream)
                yield Record(headers, block, offset, member.end() - offset, missing)
            at = member.end()
            file.seek(at)
            if not file.peek(1):
                return
            if not file.peek(len(MAGIC)).startswith(MAGIC):
                yield Gap(at, Reason.INVALID_RECORD, "what follows is no gzip member")
                at = find_member(file, at, _BEGINNING)
        except (_Damage, zlib.error, EOFError) as error:
            # A record that says what it is is lost under its own name.
            lost = Record(headers, None, offset, 0, missing=1)
            damaged = isinstance(error, _Damage)
            reason = Reason.INVALID_RECORD if damaged else Reason.TRUNCATED
            yield lost if is_page(headers) else Gap(offset, reason, str(error))
            at = find_member(file, offset + 1, _BEGINNING)


def _header(stream: BufferedReader[Any]) -> tuple[dict[str, str], int]:
    """The headers of the record that begins here, and the length of its block."""
    if not stream.readline(_MAX_HEADER).startswith(_BEGINNING):
        raise _Damage("no WARC record begins here")
    lines = bytearray()
    while (line := stream.readline(_MAX_HEADER)).strip(b"\r\n"):
        lines += line
        if len(lines) > _MAX_HEADER:
            raise _Damage("a record has a header without end")
    headers = parse_headers(bytes(lines))
    length = headers.get("content-length", "")
    if not (length.isascii() and length.isdecimal() and len(length) < 16):
        raise _Damage("a record does not say how long it is")
    return headers, int(length)


def _block(
    stream: BufferedReader[Any], headers: dict[str, str], size: int
) -> tuple[bytes | None, int]:
    """The block of a record, None where none is wanted, and how many bytes of it are missing."""
    if is_page(headers) and size <= MAX_FILE_BYTES:
        block = bytes(stream.read(size))
        return block, size - len(block)
    left = size
    while left and (part := stream.read(min(left, _READ))):
        left -= len(part)
    return None, left


def _skip_blank(stream: BufferedReader[Any]) -> None:
    for _ in range(_MAX_PADDING):
        if stream.peek(1)[:1] not in {b"\r", b"\n"}:
            return
        stream.read(1)
    raise _Damage("more than a thousand line ends follow one another")


def _expect_end(stream: BufferedReader[Any]) -> None:
    if stream.read(_MAX_PADDING).strip(b"\r\n"):
        raise _Damage("a gzip member holds more than one record")
    if stream.read(1):
        raise _Damage("more than a thousand line ends follow one another")


def _type_of(headers: dict[str, str]) -> str:
    return headers.get("warc-type", "").lower()
