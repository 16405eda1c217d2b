"""Sitemaps (sitemaps.org, and Google's for news) to records: address lists, indexes, plain text.

Read as a stream of events within the bounds of `transforms.xml_events`, so memory stays near the
size of what is kept. Two faults of real sitemaps are mended: an "&" that is not escaped, and an end
that is missing; what was read before the fault counts.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Literal

from transforms.decode import binary_kind, decode_body, decode_text, is_gzip, storable
from transforms.feeds.links import absolute
from transforms.feeds.sniffing import root_name
from transforms.records import Reason, Rejection
from transforms.urls import is_http
from transforms.xml_events import XmlBroken, XmlEvents, XmlRefused, read_xml

MAX_SITEMAP_BYTES = 52_428_800
"""Largest sitemap, decompressed: 50 MiB by the protocol."""

MAX_ENTRIES = 50_000
"""Most entries of one sitemap, by the protocol."""

_BARE_AMPERSAND = re.compile(rb"&(?!#?\w{1,40};)")
_FORBIDDEN = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]")
_MAX_TEXT = 10_000
_MAX_AMPERSANDS = 10 * MAX_ENTRIES
_GZIP_FAULTS = {
    Reason.TOO_LARGE: "opens to more than 50 MiB",
    Reason.TRUNCATED: "ends early",
    Reason.UNREADABLE: "is damaged",
}


@dataclass(frozen=True, slots=True)
class SitemapEntry:
    """One address of a sitemap: of a page, or of another sitemap where it stands in an index.

    Attributes:
        position: place in the sitemap, from 0.
        url: http(s), without its fragment; None where what is given is no address.
        lastmod_raw: when it last changed, as written; a hint, no more.
        headline: `news:title`.
        published_raw: `news:publication_date`, as written.
        publication: `news:name`.
        language: `news:language`, as written.
    """

    position: int
    url: str | None
    lastmod_raw: str | None = None
    headline: str | None = None
    published_raw: str | None = None
    publication: str | None = None
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Sitemap:
    """A sitemap, or an index of sitemaps.

    Attributes:
        kind: "index" where the entries are sitemaps themselves.
        entries: at most as many as were asked for, in their order.
        dropped_count: entries beyond that number.
        malformed: what is wrong with its form, None where nothing is.
    """

    kind: Literal["urlset", "index"]
    entries: tuple[SitemapEntry, ...] = ()
    dropped_count: int = 0
    malformed: str | None = None


def parse_sitemap(
    payload: bytes, *, url: str, max_entries: int = MAX_ENTRIES, content_type: str = ""
) -> Sitemap | Rejection:
    """Read a sitemap of any form.

    Args:
        payload: the bytes after content decoding; a `.xml.gz` file is opened, within bounds.
        url: where the payload was found, after redirects.
        max_entries: how many entries to keep; those beyond are counted.
        content_type: the header as sent; its charset counts.

    Returns:
        The sitemap, or why there is none: `EMPTY`, `BINARY`, `TOO_LARGE`, `TRUNCATED`, `UNREADABLE`,
        `UNSUPPORTED_TYPE` where it is something else, such as a page.
    """
    if is_gzip(payload):
        opened = decode_body(payload, "gzip", limit=MAX_SITEMAP_BYTES)
        if isinstance(opened, Reason):
            return Rejection(url, opened, f"is a gzip file and {_GZIP_FAULTS[opened]}")
        payload = opened
    if not payload.strip():
        return Rejection(url, Reason.EMPTY, "holds nothing")
    if len(payload) > MAX_SITEMAP_BYTES:
        return Rejection(url, Reason.TOO_LARGE, "is larger than 50 MiB")
    root = root_name(payload, content_type)
    if root == "text":
        return _parse_text(payload, content_type, url, max_entries)
    if root not in {"urlset", "sitemapindex"}:
        kind = binary_kind(payload)
        if kind is not None:
            return Rejection(url, Reason.BINARY, f"is {kind} and no sitemap")
        what = "a web page" if root == "page" else "something else"
        return Rejection(url, Reason.UNSUPPORTED_TYPE, f"is {what} and no sitemap")
    reading = _Reading(url, max_entries, "index" if root == "sitemapindex" else "urlset")
    try:
        malformed = _read(payload, content_type, reading)
    except XmlRefused as refused:
        return Rejection(url, refused.reason, refused.detail)
    if malformed and not reading.entries:
        detail = f"has no entry that can be read: {malformed}"
        return Rejection(url, Reason.UNREADABLE, storable(detail))
    return Sitemap(reading.kind, tuple(reading.entries), reading.dropped_count, malformed)


@dataclass(slots=True)
class _Reading:
    """What has been read so far of a sitemap."""

    url: str
    max_entries: int
    kind: Literal["urlset", "index"]
    entries: list[SitemapEntry] = field(default_factory=list)
    dropped_count: int = 0
    values: dict[str, str] | None = None
    texts: list[str] = field(default_factory=list)
    path: list[str] = field(default_factory=list)

    def start(self, name: str, attributes: list[str]) -> None:  # noqa: ARG002 - sitemaps use none
        local = _local(name)
        self.path.append(local)
        self.texts.clear()
        if local in {"url", "sitemap"} and len(self.path) == 2:
            self.values = {}

    def text(self, part: str) -> None:
        if self.values is not None and len(self.path) > 2 and len(self.texts) < 100:
            self.texts.append(part[:_MAX_TEXT])

    def end(self, name: str) -> None:
        local = _local(name)
        if self.values is not None and len(self.path) > 2:
            field_name = _FIELDS.get("/".join(self.path[2:]))
            if field_name is not None:
                self.values.setdefault(field_name, storable("".join(self.texts)).strip())
        elif self.values is not None and local in {"url", "sitemap"}:
            self.keep(self.values)
            self.values = None
        self.texts.clear()
        self.path.pop()

    def keep(self, values: dict[str, str]) -> None:
        if len(self.entries) >= self.max_entries:
            self.dropped_count += 1
            return
        self.entries.append(
            SitemapEntry(
                position=len(self.entries),
                url=absolute(self.url, values.get("url")),
                lastmod_raw=values.get("lastmod") or None,
                headline=" ".join(values.get("headline", "").split()) or None,
                published_raw=values.get("published") or None,
                publication=" ".join(values.get("publication", "").split()) or None,
                language=values.get("language", "")[:35] or None,
            )
        )


_FIELDS = {
    "loc": "url",
    "lastmod": "lastmod",
    "news/title": "headline",
    "news/publication_date": "published",
    "news/publication/name": "publication",
    "news/publication/language": "language",
}
"""Where the fields stand in an entry, by local names: prefixes and name spaces are often wrong."""


def _local(name: str) -> str:
    return name.rpartition(":")[2].lower()


def _read(payload: bytes, content_type: str, reading: _Reading) -> str | None:
    """Read all that can be read; what is wrong with the form, if anything.

    Raises:
        XmlRefused: It goes beyond the bounds.
    """
    events = XmlEvents(reading.start, reading.end, reading.text)
    encoding = None
    if not _is_plain_utf8(payload):
        payload = decode_text(payload, content_type).encode("utf-8")
        encoding = "utf-8"
    start = payload.find(b"<")
    try:
        read_xml(
            payload[start:] if start > 0 else payload, events, encoding=encoding, namespaces=False
        )
    except XmlBroken as broken:
        malformed = str(broken)
    else:
        return None
    if payload.count(b"&") > _MAX_AMPERSANDS:
        return malformed
    mended = _FORBIDDEN.sub(b"", _BARE_AMPERSAND.sub(b"&amp;", payload[max(start, 0) :]))
    if mended == payload:
        return malformed
    fresh = _Reading(reading.url, reading.max_entries, reading.kind)
    try:
        events = XmlEvents(fresh.start, fresh.end, fresh.text)
        read_xml(mended, events, encoding=encoding, namespaces=False)
    except XmlBroken as broken:
        malformed = str(broken)
    reading.entries, reading.dropped_count = fresh.entries, fresh.dropped_count
    return malformed


def _is_plain_utf8(payload: bytes) -> bool:
    """Whether expat can read the bytes as they are: ASCII throughout, or UTF-8."""
    if payload.isascii():
        return b"\0" not in payload[:64]
    try:
        payload.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _parse_text(
    payload: bytes, content_type: str, url: str, max_entries: int
) -> Sitemap | Rejection:
    """One address a line."""
    lines = [line for line in decode_text(payload, content_type).splitlines() if line.strip()]
    entries = tuple(
        SitemapEntry(position, absolute(url, line) if is_http(line) else None)
        for position, line in enumerate(lines[:max_entries])
    )
    wrong = sum(entry.url is None for entry in entries)
    malformed = f"{wrong} of its lines are no addresses" if wrong else None
    return Sitemap("urlset", entries, max(len(lines) - max_entries, 0), malformed)
