"""A local text or HTML file is one page."""

from collections.abc import Iterator

from flows.archive import MAX_FILE_BYTES, FileReading, open_regular
from transforms.decode import decode_body, is_gzip
from transforms.records import Location, Page, Reason, Rejection

_CONTENT_TYPES = {"text": "text/plain", "html": "text/html"}


def page_captures(reading: FileReading) -> Iterator[tuple[str, Page | Rejection]]:
    """The page a file is; a gzip file is read through, up to the size a page may have."""
    url = reading.url
    try:
        with open_regular(reading.path) as file:
            payload: bytes | Reason = file.read(MAX_FILE_BYTES)
    except OSError as error:
        detail = f"{reading.path.name!r} cannot be read: {error}"
        yield url, Rejection(url, Reason.UNREADABLE, detail)
        return
    if reading.path.suffix.lower() == ".gz" and isinstance(payload, bytes) and is_gzip(payload):
        payload = decode_body(payload, "gzip", limit=MAX_FILE_BYTES)
    if isinstance(payload, Reason):
        detail = f"{reading.path.name!r} is a damaged gzip file, or too large when unpacked"
        yield url, Rejection(url, payload, detail)
        return
    location = Location(reading.name, 0, reading.size)
    content_type = _CONTENT_TYPES[reading.kind]
    yield url, Page(url, payload, content_type, reading.modified_at, location)
