"""Sources as rows: the table `sources` follows the file, and adds what polling finds by itself."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from flows.archive import LOCAL_SOURCE
from flows.rows import Row
from transforms.identity import hashed_id
from transforms.records import SourceDefaults
from transforms.source_lists import REMOTE, SourceSpec
from warehouse import load, lookup
from warehouse.connection import Connection

PAGES_SOURCE = "pages"
"""The source of pages that were asked for by address, without a source of their own."""


@dataclass(frozen=True, slots=True)
class Source:
    """A row of `sources`. `parent_id` is the sitemap that names it, None for those of the file."""

    slug: str
    url: str
    kind: str
    publisher: str | None = None
    language: str | None = None
    timezone: str | None = None
    every_s: int | None = None
    is_enabled: bool = True
    is_precision_favored: bool = False
    max_entries: int | None = None
    parent_id: str | None = None
    is_listed: bool = True

    @property
    def source_id(self) -> str:
        """Its id: a hash of the slug."""
        return hashed_id("source", self.slug)

    @property
    def defaults(self) -> SourceDefaults | None:
        """What it says of all its articles, None for nothing."""
        said = SourceDefaults(
            self.publisher, self.language, self.timezone, self.is_precision_favored
        )
        return None if said == SourceDefaults() else said


def listed(spec: SourceSpec) -> Source:
    """A source of the file."""
    return Source(
        slug=spec.slug,
        url=spec.url,
        kind=spec.kind,
        publisher=spec.publisher,
        language=spec.language,
        timezone=spec.timezone,
        every_s=spec.every_s,
        is_enabled=spec.enabled,
        is_precision_favored=spec.favor_precision,
        max_entries=spec.max_entries,
    )


def unlisted(url: str, kind: str, parent: Source | None = None) -> Source:
    """A source that nobody listed: a sitemap of an index, or an address given on the command line.

    The latter is not polled by itself (`is_enabled` is false), but its state is kept.
    """
    digest = hashed_id("address", url)[:8]
    if parent is None:
        return Source(f"{kind}-{digest}", url, kind, is_enabled=False, is_listed=False)
    return Source(
        slug=f"{parent.slug}/{digest}",
        url=url,
        kind=kind,
        publisher=parent.publisher,
        language=parent.language,
        timezone=parent.timezone,
        every_s=parent.every_s,
        is_enabled=parent.is_enabled,
        is_precision_favored=parent.is_precision_favored,
        max_entries=parent.max_entries,
        parent_id=parent.parent_id or parent.source_id,
        is_listed=False,
    )


def sync_sources(con: Connection, specs: Iterable[SourceSpec]) -> None:
    """Make the table say what the file says.

    What the file no longer has stays, for its entries name it, and is not polled. A source whose
    address was changed begins anew.
    """
    wanted = {spec.slug: listed(spec) for spec in specs}
    wanted.setdefault(PAGES_SOURCE, Source(PAGES_SOURCE, "http:", "page", is_listed=False))
    held = {str(row["slug"]): source_of(row) for row in lookup.rows(con, "sources_held")}
    changed: list[Source] = []
    anew: list[str] = []
    for slug, source in wanted.items():
        before = held.get(slug)
        if before != source:
            changed.append(source)
        if before is not None and (before.url, before.kind) != (source.url, source.kind):
            anew.append(source.source_id)
    gone = [
        _disabled(source)
        for slug, source in held.items()
        if slug not in wanted and source.is_listed and source.is_enabled and slug != LOCAL_SOURCE
    ]
    enabled_parents = {s.source_id for s in wanted.values() if s.is_enabled} - set(anew)
    orphans = [
        _disabled(source)
        for source in held.values()
        if source.parent_id and source.is_enabled and source.parent_id not in enabled_parents
    ]
    put_sources(con, [*changed, *gone, *orphans])
    load.delete(con, "source_state", anew)


def put_sources(con: Connection, sources: Sequence[Source]) -> None:
    """Write these rows, in place of those of the same id."""
    load.delete(con, "sources", [source.source_id for source in sources])
    load.append(con, "sources", [source_row(source) for source in sources])


def source_row(source: Source) -> Row:
    """A source as a row of `sources`."""
    return {
        "source_id": source.source_id,
        "slug": source.slug,
        "url": source.url,
        "kind": source.kind,
        "publisher": source.publisher,
        "language": source.language,
        "timezone": source.timezone,
        "every_s": source.every_s,
        "is_enabled": source.is_enabled,
        "is_precision_favored": source.is_precision_favored,
        "max_entries": source.max_entries,
        "parent_id": source.parent_id,
        "is_listed": source.is_listed,
    }


def source_of(row: lookup.Found) -> Source:
    """The reverse of `source_row`."""

    def text(name: str) -> str | None:
        return None if row[name] is None else str(row[name])

    def number(name: str) -> int | None:
        return None if row[name] is None else int(str(row[name]))

    return Source(
        slug=str(row["slug"]),
        url=str(row["url"]),
        kind=str(row["kind"]),
        publisher=text("publisher"),
        language=text("language"),
        timezone=text("timezone"),
        every_s=number("every_s"),
        is_enabled=row["is_enabled"] is not False,
        is_precision_favored=bool(row["is_precision_favored"]),
        max_entries=number("max_entries"),
        parent_id=text("parent_id"),
        is_listed=row["is_listed"] is not False,
    )


def is_polled(source: Source) -> bool:
    """Whether it is asked for over the network."""
    return source.kind in REMOTE


def _disabled(source: Source) -> Source:
    return replace(source, is_enabled=False)
