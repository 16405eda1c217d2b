"""WARC files, plain or gzip per record: each captured answer is a page, streamed.

The reader trusts nothing a record says of its length: a record that is cut short is an entry with
that reason, and where the file cannot be read on, a last entry tells from which byte.
"""

import zlib
from collections.abc import Iterator
from typing import Any

from flows.archive import MAX_FILE_BYTES, Reading, open_regular, utc_instant
from transforms.decode import decode_body, storable
from transforms.records import Location, Page, Reason, Rejection

_PAGE_RECORDS = frozenset({"response", "resource"})
_TEXT_TYPES = ("text/html", "application/xhtml+xml", "text/plain")
_READ = 1 << 20

Capture = tuple[str, Page | Rejection]


def warc_captures(reading: Reading) -> Iterator[Capture]:
    """The answers a WARC holds, in order; requests, revisits and metadata are no entries."""
    from warcio.archiveiterator import ArchiveIterator  # noqa: PLC0415 - only for WARC files
    from warcio.exceptions import ArchiveLoadFailed  # noqa: PLC0415

    offset = 0
    try:
        with open_regular(reading.path) as file:
            records = ArchiveIterator(file)
            for record in records:
                offset = records.get_record_offset()
                if record.rec_type in _PAGE_RECORDS:
                    yield _capture(reading, record, offset, records)
    except (ArchiveLoadFailed, EOFError, zlib.error, OSError, ValueError, AttributeError) as error:
        url = f"{reading.url}#offset={offset}"
        reason = Reason.UNREADABLE if isinstance(error, OSError) else Reason.TRUNCATED
        detail = f"{reading.path.name!r} cannot be read on after byte {offset}: {error}"
        yield url, Rejection(url, reason, storable(detail))


def _capture(reading: Reading, record: Any, offset: int, records: Any) -> Capture:
    headers = record.rec_headers
    target = (headers.get_header("WARC-Target-URI") or "").strip().strip("<>")
    place = f"{reading.url}#offset={offset}"
    url = storable(target) or place
    body = _body(record)

    def rejected(reason: Reason, detail: str) -> Capture:
        named = f"the record at byte {offset} of {reading.path.name!r} {detail}"
        return url, Rejection(url, reason, storable(named))

    if isinstance(body, Reason):
        return rejected(body, "is cut short, damaged, or larger than a page may be")
    if not target:
        return rejected(Reason.INVALID_RECORD, "names no address")
    fetched_at = utc_instant(headers.get_header("WARC-Date"))
    if fetched_at is None:
        return rejected(Reason.INVALID_RECORD, "has no readable WARC-Date")
    http = record.http_headers
    status = _status(http) if record.rec_type == "response" else None
    if record.rec_type == "response" and status is None:
        return rejected(Reason.INVALID_RECORD, "holds no HTTP answer")
    if status is not None and not 200 <= status < 300:
        return rejected(Reason.HTTP_STATUS, f"answered {status}")
    sent = http.get_header("Content-Type") if http else headers.get_header("Content-Type")
    content_type = storable(sent or "text/html")
    if not content_type.strip().lower().startswith(_TEXT_TYPES):
        return rejected(Reason.UNSUPPORTED_TYPE, f"is of type {content_type!r}")
    coding = http.get_header("Content-Encoding") if http else None
    payload = decode_body(body, coding)
    if isinstance(payload, Reason):
        return rejected(payload, "has a body that cannot be unpacked, or is too large unpacked")
    # Reading on to the end of the record is what makes its length known.
    length = records.get_record_length() or 0
    location = Location(reading.name, offset, length)
    return url, Page(url, payload, content_type, fetched_at, location, status_code=status)


def _body(record: Any) -> bytes | Reason:
    """The body without its transfer coding, or why there is none."""
    from warcio.bufferedreaders import ChunkedDataReader  # noqa: PLC0415 - as above

    http = record.http_headers
    coding = (http.get_header("Transfer-Encoding") if http else None) or ""
    chunked = "chunked" in coding.lower()
    # A chunked body that was stored already joined is told apart by the reader itself.
    stream = ChunkedDataReader(record.raw_stream) if chunked else record.raw_stream
    parts: list[bytes] = []
    size = 0
    try:
        while part := stream.read(_READ):
            size += len(part)
            if size > MAX_FILE_BYTES:
                return Reason.TOO_LARGE
            parts.append(part)
    except (EOFError, zlib.error, OSError, ValueError):
        return Reason.TRUNCATED
    # What the record's own length promises and the file does not hold.
    return Reason.TRUNCATED if getattr(record.raw_stream, "limit", 0) > 0 else b"".join(parts)


def _status(http: Any) -> int | None:
    code = http.get_statuscode() if http else None
    return int(code) if code and code.isdecimal() else None
