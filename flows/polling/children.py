"""The sitemaps of a sitemap index: sources themselves, each with validators and times of its own."""

from __future__ import annotations

from dataclasses import replace

from flows.sources.tables import Source, put_sources, source_of, unlisted
from transforms.feeds.entries import Feed
from transforms.sitemaps import Sitemap
from transforms.urls import same_site
from warehouse import lookup
from warehouse.connection import Connection

MAX_CHILDREN = 20
"""How many sitemaps of an index are polled: those that were changed last. A backfill reads all."""


def put_children(con: Connection, parent: Source, index: Feed | Sitemap) -> int:
    """Poll the newest sitemaps of an index, and no others any more; returns how many are new.

    A sitemap on another site is passed over: only robots.txt could vouch for it (sitemaps.org).
    """
    named = [entry for entry in index.entries if entry.url and same_site(entry.url, parent.url)]
    wanted = {
        child.source_id: child
        for child in (
            unlisted(str(entry.url), "sitemap", parent)
            for entry in sorted(named, key=_changed, reverse=True)[:MAX_CHILDREN]
        )
        if child.url != parent.url
    }
    held = {
        source.source_id: source
        for source in map(source_of, lookup.rows(con, "sources_held"))
        if source.parent_id == (parent.parent_id or parent.source_id)
        and source.slug.startswith(f"{parent.slug}/")
    }
    gone = [
        replace(source, is_enabled=False)
        for key, source in held.items()
        if key not in wanted and source.is_enabled
    ]
    new = [child for key, child in wanted.items() if held.get(key) != child]
    put_sources(con, [*gone, *new])
    return sum(child.source_id not in held for child in new)


def _changed(entry: object) -> tuple[str, int]:
    return (getattr(entry, "lastmod_raw", None) or "", getattr(entry, "position", 0))
