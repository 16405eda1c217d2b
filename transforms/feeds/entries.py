"""The records of a feed. Plain values: they cross process borders."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal["rss", "rdf", "atom", "json"]


@dataclass(frozen=True, slots=True)
class FeedEntry:
    """One entry of a feed, as it stands there.

    Attributes:
        position: place in the feed, from 0.
        url: the http(s) address of the article, resolved, without its fragment; the original one
            where a proxy put its own in the link. None where the entry has no usable address.
        guid: the entry's own id, unique in its feed at best.
        guid_is_link: whether the feed says that the guid is an address, and it is one.
        headline: one line of plain text, "" where there is none.
        published_raw: when the feed says it was published, as written (`transforms.dates` reads it).
        updated_raw: when it was last changed, as written.
        authors: names, in their order.
        tags: categories and keywords, in their order.
        summary_html: the teaser as HTML; plain text arrives escaped, a `<p>` for each line.
        content_html: the whole text as HTML, where the feed holds it.
        content_type: what the content was declared to be ("text/html", "text/plain", ...).
    """

    position: int
    url: str | None
    guid: str | None
    guid_is_link: bool
    headline: str
    published_raw: str | None = None
    updated_raw: str | None = None
    authors: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    summary_html: str | None = None
    content_html: str | None = None
    content_type: str | None = None


@dataclass(frozen=True, slots=True)
class Feed:
    """What a feed says of itself, and its entries.

    Attributes:
        kind: its dialect.
        name: what it calls itself.
        site_url: the site it belongs to.
        self_url: its own address, by its own account.
        language: as written ("en-GB").
        ttl_minutes: how long a copy stays good, minutes.
        skip_hours: hours of the day, 0 to 23 in GMT, in which it asks not to be read.
        skip_days: days in which it asks not to be read, 0 for Monday.
        update_every_s: how often it says it changes (`sy:updatePeriod`), seconds.
        hub_urls: WebSub hubs.
        entries: at most as many as were asked for, in their order.
        dropped_count: entries beyond that number.
        malformed: what is wrong with its form, None where nothing is.
    """

    kind: Kind
    name: str | None = None
    site_url: str | None = None
    self_url: str | None = None
    language: str | None = None
    ttl_minutes: int | None = None
    skip_hours: frozenset[int] = frozenset()
    skip_days: frozenset[int] = frozenset()
    update_every_s: int | None = None
    hub_urls: tuple[str, ...] = ()
    entries: tuple[FeedEntry, ...] = ()
    dropped_count: int = 0
    malformed: str | None = None


@dataclass(frozen=True, slots=True)
class FeedLink:
    """An address at which a site offers a feed or a sitemap, and what it calls it."""

    url: str
    kind: Literal["rss", "atom", "json", "sitemap"]
    name: str | None = None
