"""What a payload is, by its content: servers send feeds as HTML, text and octet streams.

The first tag that is known decides, so that a stylesheet, a comment or the warning some program
printed before the feed does no harm.
"""

from __future__ import annotations

import re
import zlib
from typing import Literal

from transforms.decode import binary_kind, decode_text, is_gzip, media_type
from transforms.urls import is_http

Content = Literal["feed", "sitemap", "page", "other"]

_HEAD = 65_536
_GZIP_HEAD = 1 << 20
_NOISE = re.compile(r"<!--.*?(?:-->|\Z)|<\?.*?(?:\?>|\Z)|<!\[CDATA\[.*?(?:\]\]>|\Z)", re.DOTALL)
_ROOT = re.compile(
    r"<(?:[\w.-]+:)?(?P<root>rss|rdf|feed|channel|urlset|sitemapindex)(?=[\s>/])"
    r"|<(?:!doctype\s+html|html|head|body)(?=[\s>/])",
    re.IGNORECASE,
)
_JSON_FEED = re.compile(r'"version"\s*:\s*"https?:\\?/\\?/(?:www\.)?jsonfeed\.org\\?/version')
_JSON_ITEMS = re.compile(r'"items"\s*:\s*\[')
_RDF_FEED = re.compile(r"purl\.org/(?:rss|net/rss)|netscape\.com/rdf", re.IGNORECASE)


def sniff(payload: bytes, content_type: str) -> Content:
    """Tell a feed from a sitemap, a page and anything else.

    Args:
        payload: the bytes after content decoding; a gzip file is looked into.
        content_type: the header as sent; its charset counts, its type hardly.
    """
    if is_gzip(payload):
        payload = _opened(payload)
    root = root_name(payload, content_type)
    if root == "json" or root in {"rss", "rdf", "feed", "channel"}:
        return "feed"
    if root in {"urlset", "sitemapindex", "text"}:
        return "sitemap"
    return "page" if root == "page" else "other"


def root_name(payload: bytes, content_type: str) -> str | None:
    """What the payload's content is, one word.

    "rss", "rdf", "feed", "channel", "urlset" or "sitemapindex" for that element, "json" for a JSON
    Feed, "text" for a list of addresses, "page" for HTML, None for the rest.
    """
    sample = payload[:_HEAD]
    if sample[:4] in {b"<\0?\0", b"<\0r\0", b"<\0f\0"}:
        content_type = "text/xml; charset=utf-16-le"
    elif binary_kind(sample) is not None:
        return None
    head = decode_text(sample, content_type).lstrip("\ufeff \t\r\n")
    if head[:1] == "{":
        is_feed = _JSON_FEED.search(head) or (
            "feed" in media_type(content_type) and _JSON_ITEMS.search(head)
        )
        return "json" if is_feed else None
    found = _ROOT.search(_NOISE.sub("", head))
    if found is not None:
        root = (found["root"] or "page").lower()
        return root if root != "rdf" or _RDF_FEED.search(head) else None
    if media_type(content_type) in {"text/html", "application/xhtml+xml"} and "<" in head:
        return "page"
    lines = [line.strip() for line in head.splitlines()[:20] if line.strip()]
    return "text" if lines and all(is_http(line) for line in lines[:-1] or lines) else None


def _opened(payload: bytes) -> bytes:
    """The beginning of what a gzip file holds; nothing where it cannot be read."""
    try:
        return zlib.decompressobj(31).decompress(payload[:_GZIP_HEAD], _HEAD)
    except zlib.error:
        return b""
