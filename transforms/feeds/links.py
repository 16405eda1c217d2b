"""What proxies do to the addresses of entries, undone.

Some feeds link to a counter or a search engine that forwards to the article, with parameters that
change from day to day. Where the article's own address stands in the link, it is the one we keep.
"""

from __future__ import annotations

import re
from urllib.parse import parse_qs, urlsplit

from transforms.urls import is_http, resolve

MAX_URL_LENGTH = 8_192

_PLAIN = re.compile(r"https?://[a-z0-9-]+(?:\.[a-z0-9-]+)+/(?:[!\"$-.0-~]|/(?!\.))*")
"""An address that is absolute and has no fragment and no dot segment: nothing to resolve."""

_FORWARDERS = (
    (re.compile(r"(?:www\.)?google\.[a-z.]{2,6}"), "/url", ("url", "q")),
    (re.compile(r"(?:www\.)?bing\.com"), "/news/apiclick.aspx", ("url",)),
    (re.compile(r"l\.facebook\.com"), "/l.php", ("u",)),
    (re.compile(r"t\.umblr\.com"), "/redirect", ("z",)),
)
"""Host, path, and the parameters that hold the address forwarded to."""

_MAYBE = re.compile(r"\.com/redirect\?|/url\?|/l\.php\?|/news/apiclick\.aspx\?", re.IGNORECASE)


def absolute(base: str, link: str | None) -> str | None:
    """The http(s) address of a link in a feed at `base`, or None where it is none."""
    if not link or len(link) > MAX_URL_LENGTH:
        return None
    url = link if _PLAIN.fullmatch(link) else resolve(base, link)
    return None if url is None or len(url) > MAX_URL_LENGTH else unwrapped(url)


def unwrapped(url: str) -> str:
    """The address a known forwarder would lead to; any other address as it is."""
    if _MAYBE.search(url) is None:
        return url
    try:
        parts = urlsplit(url)
        for host, path, names in _FORWARDERS:
            if parts.path == path and host.fullmatch(parts.hostname or ""):
                given = parse_qs(parts.query, max_num_fields=50)
                found = (value for name in names for value in given.get(name, ()))
                return next((value for value in found if is_http(value)), url)
    except ValueError:
        return url
    return url
