"""WARC 1.1 records (ISO 28500:2017) as gzip members, one each, of what went over the wire.

Written here and not with a library because the block must be the bytes as received: libraries
print the headers anew, and with them case, spacing, folding and repeated lines are lost.
"""

from __future__ import annotations

import base64
import hashlib
import zlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime

from flows.web.outcomes import Fetched

_PROFILES = "http://netpreserve.org/warc/1.1/revisit/"
_LEVEL = 6

Fields = Iterable[tuple[str, str | None]]


@dataclass(frozen=True, slots=True)
class Earlier:
    """The record a revisit refers to: its address, its WARC-Date, its payload digest if known.

    `place` is where it lies, "FILE OFFSET LENGTH", the file relative to the data folder.
    """

    url: str
    fetched_at: datetime
    payload_digest: str | None = None
    place: str | None = None


@dataclass(frozen=True, slots=True)
class Announced:
    """A page that was never fetched, for its whole text stood where it was announced."""

    url: str
    payload: bytes
    content_type: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Copied:
    """A record of another archive: its gzip member, byte for byte."""

    member: bytes = field(repr=False)


def warcinfo(record_id: str, name: str, at: datetime, about: Iterable[tuple[str, str]]) -> bytes:
    """The record a file begins with: who wrote it and how."""
    block = "".join(f"{key}: {value}\r\n" for key, value in about).encode("utf-8")
    fields = (
        ("WARC-Record-ID", record_id),
        ("WARC-Filename", name),
        ("WARC-Date", _instant(at)),
        ("Content-Type", "application/warc-fields"),
    )
    return _member("warcinfo", fields, block)


def response(
    record_id: str, warcinfo_id: str, fetched: Fetched, *, context: str | None = None
) -> bytes:
    """A whole answer, head and body as received.

    The payload digest is of the body as it stands in the record: that is what the WARC readers
    verify, also where the body is in chunks. Where redirects led here, `X-Wirecopy-Via` is the
    address asked for; `X-Wirecopy-Context` is what was known of the page beside its bytes.
    """
    sent = fetched.exchange
    fields = (
        *_common(record_id, warcinfo_id, fetched),
        ("Content-Type", "application/http; msgtype=response"),
        ("WARC-Payload-Digest", payload_digest(fetched)),
        ("X-Wirecopy-Context", context),
    )
    return _member("response", fields, sent.answer)


def resource(
    record_id: str, warcinfo_id: str, announced: Announced, *, context: str | None = None
) -> bytes:
    """A page that never came over the wire by itself."""
    fields = (
        ("WARC-Record-ID", record_id),
        ("WARC-Warcinfo-ID", warcinfo_id),
        ("WARC-Date", _instant(announced.at)),
        ("WARC-Target-URI", announced.url),
        ("Content-Type", announced.content_type),
        ("WARC-Payload-Digest", digest(announced.payload)),
        ("X-Wirecopy-Context", context),
    )
    return _member("resource", fields, announced.payload)


def revisit(
    record_id: str,
    warcinfo_id: str,
    fetched: Fetched,
    earlier: Earlier,
    *,
    context: str | None = None,
) -> bytes:
    """The head of an answer whose body is held already: a 304, or the same payload once more."""
    sent = fetched.exchange
    profile = "server-not-modified" if fetched.is_unchanged else "identical-payload-digest"
    fields = (
        *_common(record_id, warcinfo_id, fetched),
        ("Content-Type", "application/http; msgtype=response"),
        ("WARC-Profile", _PROFILES + profile),
        ("WARC-Refers-To-Target-URI", earlier.url),
        ("WARC-Refers-To-Date", _instant(earlier.fetched_at)),
        ("WARC-Payload-Digest", earlier.payload_digest),
        ("WARC-Truncated", None if fetched.is_unchanged else "length"),
        ("X-Wirecopy-Place", earlier.place),
        ("X-Wirecopy-Context", context),
    )
    return _member("revisit", fields, sent.answer[: sent.body_start])


def request(record_id: str, warcinfo_id: str, fetched: Fetched, answer_id: str) -> bytes:
    """The request as sent, tied to the record of its answer."""
    fields = (
        *_common(record_id, warcinfo_id, fetched),
        ("Content-Type", "application/http; msgtype=request"),
        ("WARC-Concurrent-To", answer_id),
    )
    return _member("request", fields, fetched.exchange.request)


def payload_digest(fetched: Fetched) -> str:
    """`sha256:` and the Base32 digest of the body as received."""
    return digest(fetched.exchange.answer[fetched.exchange.body_start :])


def _common(
    record_id: str, warcinfo_id: str, fetched: Fetched
) -> tuple[tuple[str, str | None], ...]:
    return (
        ("WARC-Record-ID", record_id),
        ("WARC-Warcinfo-ID", warcinfo_id),
        ("WARC-Date", _instant(fetched.exchange.sent_at)),
        ("WARC-Target-URI", fetched.exchange.url),
        ("WARC-IP-Address", fetched.exchange.address),
        ("X-Wirecopy-Via", fetched.redirects[0].url if fetched.redirects else None),
    )


def _member(kind: str, fields: Fields, block: bytes) -> bytes:
    all_fields = (
        ("WARC-Type", kind),
        *fields,
        ("WARC-Block-Digest", digest(block)),
        ("Content-Length", str(len(block))),
    )
    lines = [f"{name}: {value}\r\n" for name, value in all_fields if value is not None]
    head = f"WARC/1.1\r\n{''.join(lines)}\r\n".encode()
    packer = zlib.compressobj(_LEVEL, zlib.DEFLATED, 31)
    return b"".join(
        (
            packer.compress(head),
            packer.compress(block),
            packer.compress(b"\r\n\r\n"),
            packer.flush(),
        )
    )


def digest(data: bytes) -> str:
    """`sha256:` and the Base32 digest of these bytes."""
    return "sha256:" + base64.b32encode(hashlib.sha256(data).digest()).decode("ascii")


def _instant(at: datetime) -> str:
    """A WARC date: UTC with its microseconds, so that it is the very instant of the tables."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
