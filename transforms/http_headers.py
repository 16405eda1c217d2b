"""What the headers of an HTTP answer say about the next request: validators, freshness, Retry-After.

Headers are pairs in the order received, names as sent; a value is read with the leniency of
RFC 9110 and never trusted: durations are clamped, dates that cannot be read are absent.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from urllib.parse import urljoin

from transforms.records import Reason

Headers = tuple[tuple[str, str], ...]

MIN_RETRY_AFTER_S = 1.0
MAX_RETRY_AFTER_S = 86_400.0
"""A server may ask for a second to a day; what asks for more is asked again after a day."""

MAX_FRESHNESS_S = 30 * 86_400.0

_DIGITS = re.compile(r"[0-9]{1,12}")
_DIRECTIVE = re.compile(r'([a-z-]+)(?:\s*=\s*(?:"([^"]*)"|([^\s,"]*)))?', re.IGNORECASE)
_LINK = re.compile(r"<([^<>]*)>((?:\s*;\s*[^\s;,=]+(?:\s*=\s*(?:\"[^\"]*\"|[^\s;,\"]*))?)*)")
_PARAMETER = re.compile(r";\s*([^\s;,=]+)\s*=\s*(?:\"([^\"]*)\"|([^\s;,\"]*))")
_MAX_LINKS = 64
_NO_TEXT = ("image/", "video/", "audio/", "font/")
_NO_TEXT_TYPES = frozenset(
    {"application/pdf", "application/zip", "application/x-7z-compressed", "application/epub+zip"}
)


@dataclass(frozen=True, slots=True)
class Validators:
    """What a conditional request sends back, verbatim: quotes, `W/`, the server's date format."""

    etag: str | None = None
    last_modified: str | None = None

    def __bool__(self) -> bool:
        return self.etag is not None or self.last_modified is not None


NO_VALIDATORS = Validators()


def header(headers: Headers, name: str) -> str | None:
    """The value of a header, all of its lines joined by ", "; None where it is absent."""
    found = [value for key, value in headers if key.lower() == name.lower()]
    return ", ".join(found) if found else None


def validators(headers: Headers) -> Validators:
    """The validators of an answer, as sent; of a repeated header the first."""
    return Validators(_first(headers, "etag"), _first(headers, "last-modified"))


def http_date(value: str | None) -> datetime | None:
    """An HTTP date in any of its three forms (RFC 9110, 5.6.7) as aware UTC, None for others."""
    if value is None:
        return None
    try:
        parsed = parsedate_to_datetime(value.strip())
        return parsed.replace(tzinfo=UTC) if parsed.tzinfo is None else parsed.astimezone(UTC)
    except (ValueError, TypeError, OverflowError, IndexError):
        return None


def retry_after_s(headers: Headers, now: datetime) -> float | None:
    """Seconds to wait before the next request (RFC 9110, 10.2.3), clamped to a second and a day.

    Args:
        headers: of a 429, a 503 or a redirect.
        now: when the answer came, aware; dates are measured from the answer's own `Date` where it
            has one, so that a server whose clock is wrong is still understood.
    """
    value = _first(headers, "retry-after")
    if value is None:
        return None
    value = value.strip()
    if _DIGITS.fullmatch(value):
        wait = float(value)
    else:
        at = http_date(value)
        if at is None:
            return None
        wait = (at - (http_date(_first(headers, "date")) or now)).total_seconds()
    return min(max(wait, MIN_RETRY_AFTER_S), MAX_RETRY_AFTER_S)


def freshness_s(headers: Headers, now: datetime) -> float | None:
    """How long the answer says it stays good, in seconds; None where it says nothing.

    `max-age` before `Expires` less `Date` (RFC 9111, 4.2.1), less `Age`; `no-store` and `no-cache`
    say nothing about when to come back and count as absent, as does `Expires: 0`.
    """
    directives = {
        name.lower(): quoted or plain
        for name, quoted, plain in _DIRECTIVE.findall(header(headers, "cache-control") or "")
    }
    if "no-store" in directives or "no-cache" in directives:
        return None
    age = _seconds(_first(headers, "age")) or 0.0
    lifetime = _seconds(directives.get("max-age"))
    if lifetime is None:
        expires = http_date(_first(headers, "expires"))
        if expires is None:
            return None
        lifetime = (expires - (http_date(_first(headers, "date")) or now)).total_seconds()
    left = lifetime - age
    return min(left, MAX_FRESHNESS_S) if left > 0 else None


def links(headers: Headers, base: str) -> dict[str, str]:
    """The `Link` header (RFC 8288): the first address of each relation, resolved against `base`.

    WebSub announces its hub as `rel="hub"` and the feed's own address as `rel="self"`.
    """
    found: dict[str, str] = {}
    for count, match in enumerate(_LINK.finditer(header(headers, "link") or "")):
        if count >= _MAX_LINKS:
            break
        for name, quoted, plain in _PARAMETER.findall(match[2]):
            if name.lower() == "rel":
                try:
                    address = urljoin(base, match[1].strip())
                except ValueError:
                    continue
                for relation in (quoted or plain).lower().split():
                    found.setdefault(relation, address)
    return found


def content_type(headers: Headers) -> str:
    """The content type as sent, with its charset; "" where there is none."""
    return (_first(headers, "content-type") or "").strip()


def never_text(kind: str) -> Reason | None:
    """`UNSUPPORTED_TYPE` for a content type that can hold neither a page nor a feed.

    Only what is certain: feeds and pages are served as `application/octet-stream` and worse.
    """
    media = kind.partition(";")[0].strip().lower()
    if media == "image/svg+xml":
        return Reason.UNSUPPORTED_TYPE
    known = media.startswith(_NO_TEXT) or media in _NO_TEXT_TYPES
    return Reason.UNSUPPORTED_TYPE if known else None


def _first(headers: Headers, name: str) -> str | None:
    return next((value for key, value in headers if key.lower() == name), None)


def _seconds(value: str | None) -> float | None:
    value = (value or "").strip()
    return float(value) if _DIGITS.fullmatch(value) else None
