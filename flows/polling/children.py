"""The sitemaps of a sitemap index: sources themselves, each with validators and times of its own."""

from __future__ import annotations

from dataclasses import dataclass, replace

from flows.sources.tables import Source, put_sources, source_of, unlisted
from transforms.feeds.entries import Feed
from transforms.sitemaps import Sitemap
from transforms.urls import same_site, url_key
from warehouse import lookup
from warehouse.connection import Connection

MAX_CHILDREN = 20
"""How many sitemaps of an index are polled: those that were changed last. A backfill reads all."""

MAX_DEPTH = 3
"""How many indexes may stand above a sitemap; by the protocol it is one, some sites have two."""


@dataclass(frozen=True, slots=True)
class Followed:
    """What became of an index: how many of its sitemaps are polled from now on and were not before,
    how many are left out, and why, in words; None where none is.
    """

    new_count: int
    left_out_count: int = 0
    why: str | None = None


def put_children(con: Connection, parent: Source, index: Feed | Sitemap) -> Followed:
    """Poll the newest sitemaps of an index, and no others of it any more.

    One that another index of the same source names already is polled for that: indexes may name one
    another in a circle.
    """
    root_id = parent.parent_id or parent.source_id
    family = [
        source
        for source in map(source_of, lookup.rows(con, "sources_held"))
        if root_id in {source.parent_id, source.source_id}
    ]
    held = {each.source_id: each for each in family if _is_child(each, parent)}
    elsewhere = {
        url_key(each.url)
        for each in family
        if each.source_id not in held and (each.is_enabled or each.parent_id is None)
    }
    named = {
        url_key(entry.url): entry
        for entry in index.entries
        if entry.url and same_site(entry.url, parent.url)
    }
    is_deep = parent.slug.count("/") >= MAX_DEPTH
    found = [] if is_deep else [entry for key, entry in named.items() if key not in elsewhere]
    newest = sorted(found, key=_changed, reverse=True)[:MAX_CHILDREN]
    children = [unlisted(str(entry.url), "sitemap", parent) for entry in newest]
    wanted = {child.source_id: child for child in children}
    gone = [
        replace(source, is_enabled=False)
        for key, source in held.items()
        if key not in wanted and source.is_enabled
    ]
    new = [child for key, child in wanted.items() if held.get(key) != child]
    put_sources(con, [*gone, *new])
    left_out = {
        f"stand below more than {MAX_DEPTH} indexes": len(named) if is_deep else 0,
        f"are older than the {MAX_CHILDREN} newest": len(found) - len(newest) + index.dropped_count,
        "lie on another site": sum(_is_foreign(entry.url, parent) for entry in index.entries),
        "have no address": sum(entry.url is None for entry in index.entries),
    }
    return Followed(
        sum(child.source_id not in held for child in new), sum(left_out.values()), _told(left_out)
    )


def _is_child(source: Source, parent: Source) -> bool:
    above, _, name = source.slug.rpartition("/")
    return bool(name) and above == parent.slug and source.parent_id is not None


def _is_foreign(url: str | None, parent: Source) -> bool:
    """Whether a sitemap lies on another site: only robots.txt could vouch for it (sitemaps.org)."""
    return url is not None and not same_site(url, parent.url)


def _told(left_out: dict[str, int]) -> str | None:
    return ", ".join(f"{count:,} {why}" for why, count in left_out.items() if count) or None


def _changed(entry: object) -> tuple[str, int]:
    return (getattr(entry, "lastmod_raw", None) or "", getattr(entry, "position", 0))
