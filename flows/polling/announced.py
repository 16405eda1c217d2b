"""What a feed or a sitemap announces, as pages to fetch and keys to know them by."""

from __future__ import annotations

import html
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from flows.readings import Wanted
from flows.sources.tables import Source
from transforms.feed_word import KEY
from transforms.feeds.entries import Feed, FeedEntry
from transforms.feeds.identity import entry_aliases, entry_key
from transforms.records import Declared
from transforms.sitemaps import Sitemap, SitemapEntry
from transforms.urls import url_key

_MAX_TEXT = 1_000
_MAX_FALLBACK = 500_000


@dataclass(frozen=True, slots=True)
class Announcement:
    """An entry: what to fetch for it, the key it is known by, and others it may be known by.

    `wanted` is None where it has neither an address nor a text.
    """

    key: str
    url: str
    wanted: Wanted | None
    guid: str | None = None
    aliases: tuple[str, ...] = ()


def announcements(said: Feed | Sitemap, source: Source, fetch_id: str) -> Iterator[Announcement]:
    """The entries of a feed or a sitemap, as sightings of a fetch, in their order."""
    if isinstance(said, Sitemap):
        for position, entry in enumerate(said.entries):
            yield _of_sitemap(entry, source, fetch_id, position)
        return
    others = entry_aliases(source.url, said.entries)
    for position, (each, aliases) in enumerate(zip(said.entries, others, strict=True)):
        yield _of_feed(said, each, aliases, source, fetch_id, position)


def _of_sitemap(entry: SitemapEntry, source: Source, fetch_id: str, position: int) -> Announcement:
    if entry.url is None:
        key = f"{source.url}#entry={position}"
        return Announcement(key, key, None)
    said = {
        "headline": _short(entry.headline),
        "published": _short(entry.published_raw),
        "lastmod": _short(entry.lastmod_raw),
        "publication": _short(entry.publication),
        "language": _short(entry.language),
    }
    wanted = _wanted(entry.url, source, fetch_id, position, said)
    return Announcement(url_key(entry.url), entry.url, wanted)


def _of_feed(
    feed: Feed,
    entry: FeedEntry,
    aliases: tuple[str, ...],
    source: Source,
    fetch_id: str,
    position: int,
) -> Announcement:
    key = url_key(entry.url) if entry.url is not None else entry_key(source.url, entry)
    address = entry.url if entry.url is not None else key
    said = {
        "guid": _short(entry.guid),
        "headline": _short(entry.headline),
        "published": _short(entry.published_raw),
        "updated": _short(entry.updated_raw),
        "authors": [_short(name) for name in entry.authors[:20]],
        "tags": [_short(tag) for tag in entry.tags[:50]],
    }
    wanted = _wanted(address, source, fetch_id, position, said)
    text = entry.content_html
    if text and len(text) <= _MAX_FALLBACK:
        wanted = replace(
            wanted,
            fallback=_page(entry.headline, text),
            fallback_declared=Declared(
                headline=_short(entry.headline),
                published=_short(entry.published_raw),
                publisher=None if entry.url else source.publisher or _short(feed.name),
                language=_short(feed.language) or source.language,
                authors=tuple(name[:_MAX_TEXT] for name in entry.authors[:20]),
                source=source.defaults,
            ),
        )
    elif entry.url is None:
        return Announcement(key, key, None, entry.guid, aliases)
    return Announcement(key, address, wanted, entry.guid, aliases)


def _wanted(
    url: str, source: Source, fetch_id: str, position: int, said: Mapping[str, object]
) -> Wanted:
    entry = {name: value for name, value in said.items() if value}
    return Wanted(
        url=url,
        source_id=source.source_id,
        fetch_id=fetch_id,
        position=position,
        # Evidence beside the page's own word, which comes first: feeds shorten and embellish.
        declared=Declared(extra={KEY: entry} if entry else {}, source=source.defaults),
    )


def _short(text: str | None) -> str | None:
    return text[:_MAX_TEXT] if text else None


def _page(headline: str, content: str) -> str:
    """The text of an entry as a page."""
    name = html.escape(headline)
    return (
        f"<!doctype html><html><head><title>{name}</title></head>"
        f"<body><article><h1>{name}</h1>{content}</article></body></html>"
    )
