"""Parsing feeds and sitemaps in processes that can be killed, as `flows.workers` does with pages."""

from __future__ import annotations

from concurrent.futures import Future
from dataclasses import dataclass, replace
from types import TracebackType
from typing import Literal, Self

from flows.settings import Settings
from flows.workers import Workers
from transforms.feeds.entries import Feed
from transforms.records import Reason, Rejection
from transforms.sitemaps import Sitemap, SitemapEntry

Announcement = Literal["feed", "sitemap"]


@dataclass(frozen=True, slots=True)
class Announced:
    """What a feed or a sitemap says, and a digest of that, whatever its order."""

    said: Feed | Sitemap
    content_sha256: str


Parsed = Announced | Rejection


class Parser:
    """Workers that parse feeds and sitemaps; use it as a context manager."""

    def __init__(self, settings: Settings) -> None:
        self._workers = Workers(
            _parse,
            preload=["transforms.feeds.parse", "transforms.sitemaps"],
            workers=settings.workers,
            timeout_s=settings.feed_timeout_s,
            memory_bytes=settings.feed_memory_bytes,
        )

    def __enter__(self) -> Self:
        self._workers.__enter__()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._workers.__exit__(kind, error, trace)

    def submit(
        self, kind: Announcement, payload: bytes, content_type: str, url: str, max_entries: int
    ) -> Future[Parsed]:
        """Begin to parse; `outcome` waits for it."""
        return self._workers.submit(kind, payload, content_type, url, max_entries)

    def outcome(self, url: str, future: Future[Parsed]) -> Parsed:
        """What was parsed, or why not."""
        return self._workers.outcome(url, future, "parse")


def _parse(
    kind: Announcement, payload: bytes, content_type: str, url: str, max_entries: int
) -> Parsed:
    """In a worker."""
    from transforms.feeds.identity import feed_sha256  # noqa: PLC0415 - preloaded by the server
    from transforms.feeds.parse import parse_feed  # noqa: PLC0415 - as above
    from transforms.sitemaps import parse_sitemap  # noqa: PLC0415 - as above

    if kind == "feed":
        feed = parse_feed(payload, content_type=content_type, url=url, max_entries=max_entries)
        if isinstance(feed, Rejection):
            return feed
        return Announced(feed, feed_sha256(feed))
    sitemap = parse_sitemap(payload, url=url, content_type=content_type)
    if isinstance(sitemap, Rejection):
        return sitemap
    if sitemap.malformed and not sitemap.entries:
        return Rejection(
            url, Reason.UNREADABLE, f"has no entry that can be read: {sitemap.malformed}"
        )
    newest = _newest(sitemap, max_entries)
    return Announced(newest, _sitemap_sha256(newest))


def _newest(sitemap: Sitemap, max_entries: int) -> Sitemap:
    """The entries that were changed last, by what they say; sitemaps go back for years."""
    entries = sorted(sitemap.entries, key=_changed, reverse=True)[:max_entries]
    dropped = len(sitemap.entries) - len(entries) + sitemap.dropped_count
    kept = sorted(entries, key=lambda entry: entry.position)
    return replace(sitemap, entries=tuple(kept), dropped_count=dropped)


def _changed(entry: SitemapEntry) -> tuple[str, int]:
    # W3C dates sort as they are written; without one the later in the file is the newer.
    return (entry.published_raw or entry.lastmod_raw or "", entry.position)


def _sitemap_sha256(sitemap: Sitemap) -> str:
    from hashlib import sha256  # noqa: PLC0415 - in a worker

    lines = sorted(
        repr((e.url, e.lastmod_raw, e.headline, e.published_raw)) for e in sitemap.entries
    )
    return sha256("\n".join(lines).encode("utf-8", "replace")).hexdigest()
