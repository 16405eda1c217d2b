"""What is read, wherever it comes from: a file, a feed, a sitemap, one page of the web.

A `Reading` is one attempt to read something, an `Entry` one thing found in it. `flows.archive` makes
them of files, `flows.polling` of what it fetches, a backfill of an archive's index; `flows.walk`
takes them all.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from typing import Protocol
from zoneinfo import ZoneInfo

from transforms.records import (
    Declared,
    Location,
    Page,
    Reason,
    Rejection,
    SourceDefaults,
)


class Reading(Protocol):
    """One attempt to read something: what a row of `ops.fetches` tells of it.

    `fetch_id` is the same for the same bytes at the same address and time. `sha256` is that of what
    was read, None where nothing was. `fetched_at` is aware UTC: of a file its modification time.
    """

    @property
    def fetch_id(self) -> str:
        """The id of the attempt."""

    @property
    def source_id(self) -> str:
        """The source it was made for."""

    @property
    def url(self) -> str:
        """What was read."""

    @property
    def kind(self) -> str:
        """What it is: feed, sitemap, page, text, html, jsonl, warc, other."""

    @property
    def fetched_at(self) -> datetime:
        """When."""

    @property
    def status_code(self) -> int | None:
        """HTTP status; None for files, and where no answer came."""

    @property
    def sha256(self) -> str | None:
        """Digest of what was read, hexadecimal."""


@dataclass(frozen=True, slots=True)
class WebReading:
    """A `Reading` of the web; `reason` says why it brought nothing, None where it did."""

    fetch_id: str
    source_id: str
    url: str
    kind: str
    fetched_at: datetime
    status_code: int | None = None
    sha256: str | None = None
    reason: Reason | None = None


@dataclass(frozen=True, slots=True)
class EarlierPage:
    """A capture of a page that is on disk: the digest of its payload, its place, what was declared."""

    sha256: str
    location: Location
    declared: Declared = field(default_factory=Declared)


@dataclass(frozen=True, slots=True)
class Wanted:
    """A page to fetch: its address, and the sighting it is fetched for.

    `fetch_id` and `position` are those of the sighting (a feed's entry), for `ops.entries`.
    `declared` is what was said of the page where it was found. `fallback` is HTML that holds the
    whole text, to be used where the page itself cannot be fetched; `fallback_declared` is what was
    said of that. `attempts` counts the failures so far. `fetch_url` is where to ask, where that is
    not the page's own address (an archive's copy of it). `earlier` is its last capture, if there is
    one.
    """

    url: str
    source_id: str
    fetch_id: str
    position: int
    declared: Declared = field(default_factory=Declared)
    fallback: str | None = None
    fallback_declared: Declared = field(default_factory=Declared)
    attempts: int = 0
    fetch_url: str | None = None
    earlier: EarlierPage | None = None


@dataclass(frozen=True, slots=True)
class Postponed:
    """No page yet: why, one sentence, and when to try again."""

    url: str
    reason: Reason
    detail: str
    next_attempt_at: datetime


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing a reading holds: its place from 0, its address, and a page or why there is none.

    For what was fetched from the web `attempt` is the fetch of the page itself, a reading without
    entries of its own, and `wanted` what was asked for. `guid` is the name a feed gives it.
    `is_recheck` says that it was loaded before, and fetched to see whether it has changed.
    """

    position: int
    url: str
    capture: Page | Rejection | Postponed
    guid: str | None = None
    wanted: Wanted | None = None
    attempt: WebReading | None = None
    is_recheck: bool = False

    @property
    def is_announced(self) -> bool:
        """Whether a feed or sitemap led here, so that it is looked at again while it is new."""
        return self.attempt is not None or self.is_recheck


@dataclass(frozen=True, slots=True)
class Finished:
    """A reading read to its end: how many entries it has, and why it counts as failed, if it does."""

    reading: Reading
    entries_seen: int
    reason: Reason | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """An entry of a reading.

    `reading` is None where the sighting is in the tables already, as a pending one: then
    `entry.wanted` says which, and its row is brought up to date.
    """

    reading: Reading | None
    entry: Entry


Step = Found | Finished


SOURCE_KEY = "source_defaults"
"""Where what a source says stands among declared values; of a record's own keys none is called so."""


def declared_values(declared: Declared) -> Mapping[str, object]:
    """What was declared as one JSON object, without what is absent; {} for nothing."""
    usual = asdict(declared.source) if declared.source is not None else {}
    given: Mapping[str, object] = {
        **declared.extra,
        "headline": declared.headline,
        "published": declared.published,
        "publisher": declared.publisher,
        "language": declared.language,
        "authors": list(declared.authors) or None,
        SOURCE_KEY: {key: value for key, value in usual.items() if value} or None,
    }
    return {key: value for key, value in given.items() if value is not None}


def declared_of(values: Mapping[str, object]) -> Declared:
    """The reverse of `declared_values`."""
    known = {"headline", "published", "publisher", "language"}
    authors = values.get("authors")
    return Declared(
        **{key: str(values[key]) for key in known & values.keys()},
        authors=tuple(map(str, authors)) if isinstance(authors, list) else (),
        extra={key: values[key] for key in values if key not in known | {"authors", SOURCE_KEY}},
        source=_source_defaults(values.get(SOURCE_KEY)),
    )


def with_defaults(page: Page, said: SourceDefaults | None) -> Page:
    """A page with what its source says of all its pages; what its own capture says of that wins."""
    usual = page.declared.source or said
    if usual is None:
        return page
    return replace(
        page,
        declared=replace(page.declared, source=usual),
        timezone=page.timezone or zone_of(usual.timezone),
        favor_precision=page.favor_precision or usual.favor_precision,
    )


def zone_of(name: str | None) -> ZoneInfo | None:
    """The time zone of an IANA name; None for none, and for one this system does not know."""
    try:
        return ZoneInfo(name) if name else None
    except (KeyError, ValueError, OSError):
        return None


def _source_defaults(said: object) -> SourceDefaults | None:
    if not isinstance(said, Mapping):
        return None
    texts = {
        key: said[key]
        for key in ("publisher", "language", "timezone")
        if isinstance(said.get(key), str)
    }
    found = SourceDefaults(**texts, favor_precision=said.get("favor_precision") is True)
    return None if found == SourceDefaults() else found
