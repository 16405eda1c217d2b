"""The feeds and sitemaps a site offers: what its pages announce, and where they usually lie.

`<link rel="alternate">` of a feed's type (the autodiscovery of RSS and RFC 4287), `rel="sitemap"`,
the `Sitemap:` lines of robots.txt. Only the head of a page is asked; it is read with lxml's lenient
HTML parser.
"""

from __future__ import annotations

import re
from typing import Any, Literal
from urllib.parse import urljoin, urlsplit

from transforms.decode import decode_text
from transforms.feeds.entries import FeedLink
from transforms.feeds.links import absolute
from transforms.urls import is_http

_Kind = Literal["rss", "atom", "json", "sitemap"]

_TYPES: dict[str, _Kind] = {
    "application/rss+xml": "rss",
    "application/rdf+xml": "rss",
    "application/atom+xml": "atom",
    "application/feed+json": "json",
}
_PLAUSIBLE = frozenset({"application/xml", "text/xml", "application/json", "application/rss"})
_FEED_WORD = re.compile(r"\b(?:rss|atom|feed|rdf)\b", re.IGNORECASE)
_COMMENTS = re.compile(r"comments?\b|/kommentare?\b|/commentaires?\b", re.IGNORECASE)
_LINK = re.compile(r"<link\b[^<>]{1,4000}>", re.IGNORECASE)
_BASE = re.compile(r"<base\b[^<>]{1,4000}>", re.IGNORECASE)
_COMMENTED = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_MAX_PAGE = 2_000_000
_MAX_LINKS = 200
_USUAL: tuple[tuple[str, _Kind], ...] = (
    ("/feed/", "rss"),
    ("/rss", "rss"),
    ("/rss.xml", "rss"),
    ("/feed.xml", "rss"),
    ("/atom.xml", "atom"),
    ("/index.xml", "rss"),
    ("/feed.json", "json"),
    ("/news-sitemap.xml", "sitemap"),
    ("/sitemap-news.xml", "sitemap"),
    ("/sitemap_news.xml", "sitemap"),
    ("/sitemap.xml", "sitemap"),
    ("/sitemap_index.xml", "sitemap"),
)


def feed_links(payload: bytes, content_type: str, url: str) -> tuple[FeedLink, ...]:
    """What a page offers, best first: feeds in its order, those of comments last, then sitemaps.

    Args:
        payload: the page.
        content_type: the header as sent; its charset counts.
        url: where it was found, after redirects.
    """
    text = _COMMENTED.sub("", decode_text(payload[:_MAX_PAGE], content_type))
    base = url
    for tag in _BASE.finditer(text):
        base = absolute(url, _attributes(tag[0]).get("href")) or url
        break
    found: dict[str, FeedLink] = {}
    for number, tag in enumerate(_LINK.finditer(text)):
        if number >= _MAX_LINKS:
            break
        link = _link(_attributes(tag[0]), base)
        if link is not None:
            found.setdefault(link.url, link)
    return tuple(sorted(found.values(), key=_rank))


def candidate_links(url: str) -> tuple[FeedLink, ...]:
    """Where a site that announces nothing usually keeps a feed or a sitemap, best first."""
    if not is_http(url):
        return ()
    parts = urlsplit(url)
    root = f"{parts.scheme}://{parts.netloc}"
    return tuple(FeedLink(urljoin(root, path), kind) for path, kind in _USUAL)


def sitemap_lines(robots: str, url: str) -> tuple[FeedLink, ...]:
    """The sitemaps that a robots.txt found at `url` names, those for news first."""
    lines = (line.partition("#")[0].partition(":") for line in robots.splitlines())
    named = (value.strip() for key, _, value in lines if key.strip().lower() == "sitemap")
    urls = dict.fromkeys(found for found in (absolute(url, name) for name in named) if found)
    links = [FeedLink(found, "sitemap") for found in list(urls)[:_MAX_LINKS]]
    return tuple(sorted(links, key=lambda link: "news" not in link.url.lower()))


def _rank(link: FeedLink) -> tuple[bool, bool]:
    is_comments = _COMMENTS.search(f"{link.url} {link.name or ''}") is not None
    return link.kind == "sitemap", is_comments


def _link(said: dict[str, str], base: str) -> FeedLink | None:
    relations = said.get("rel", "").lower().split()
    url = absolute(base, _without_feed_scheme(said.get("href", "")))
    if url is None:
        return None
    name = " ".join(said.get("title", "").split())[:200] or None
    if "sitemap" in relations:
        return FeedLink(url, "sitemap", name)
    if not {"alternate", "feed"} & set(relations):
        return None
    media = said.get("type", "").partition(";")[0].strip().lower()
    kind = _TYPES.get(media)
    if kind is None and (media in _PLAUSIBLE or "feed" in relations):
        words = f"{name or ''} {urlsplit(url).path}"
        kind = "rss" if "feed" in relations or _FEED_WORD.search(words) else None
    return None if kind is None or "oembed" in url else FeedLink(url, kind, name)


def _without_feed_scheme(link: str) -> str:
    link = link.strip()
    if link.lower().startswith("feed://"):
        return f"http{link[4:]}"
    return link[5:] if link.lower().startswith("feed:") else link


def _attributes(tag: str) -> dict[str, str]:
    from lxml import etree, html  # noqa: PLC0415 - slow to load, and discovery is rare

    try:
        element: Any = html.fragment_fromstring(tag)
    except etree.LxmlError:
        return {}
    return {str(name).lower(): str(value) for name, value in element.attrib.items()}
