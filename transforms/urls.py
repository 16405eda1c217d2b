"""Addresses: the key that makes two spellings of one address equal, and the ids made from it.

Two levels are kept apart. The address as fetched is stored untouched. `url_key` is the level that
identifies an article: it undoes only what RFC 3986 section 6.2 calls equivalent and drops the
parameters that name a click and not a page. Paths keep their case, parameters their order.
"""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import asdict
from datetime import UTC, datetime
from urllib.parse import quote, urljoin, urlsplit

from transforms.records import Declared, Page

_DEFAULT_PORTS = {"http": 80, "https": 443}
_TRACKER_FAMILIES = ("utm_", "mtm_")
"""Analytics families whose prefix, underscore included, is reserved (Google, Matomo)."""

_TRACKERS = frozenset(
    """
    gclid gclsrc dclid gbraid wbraid fbclid msclkid yclid ymclid twclid ttclid igshid li_fat_id
    mc_cid mc_eid mkt_tok _hsenc _hsmi __hssc __hstc __hsfp hsctatracking oly_anon_id oly_enc_id
    vero_id _openstat wickedid rb_clickid at_medium at_campaign _ga _gl
    """.split()  # noqa: SIM905 - names read better as words than as quoted strings
)
"""Click and campaign identifiers, by exact name. `ref`, `source`, `cid`, `id`, `p` are content."""

_SECOND_LEVEL = frozenset(
    "ac co com edu gov go gob gouv gv ltd me mil ne net nom or org sch".split()  # noqa: SIM905 - as below
)
_SHARED_HOSTS = frozenset(
    """
    blogspot.com wordpress.com substack.com medium.com tumblr.com github.io gitlab.io pages.dev
    netlify.app vercel.app herokuapp.com livejournal.com typepad.com weebly.com wixsite.com
    """.split()  # noqa: SIM905 - names read better as words than as quoted strings
)
"""Domains that give each customer a host of their own: there one label more makes the site."""

MAX_URL = 8_000
"""Characters of a link; servers refuse longer addresses (RFC 9110 4.1 asks them to take as many)."""

_USER = re.compile(r"\A([a-zA-Z]+://)[^/?]*@")
_ESCAPE = re.compile(r"%([0-9A-Fa-f]{2})|%")
_UNRESERVED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
_SAFE_PATH = "/%:@!$&'()*+,;=~-._"
_SAFE_QUERY = _SAFE_PATH + "?"
_STRIPPED = "".join(map(chr, range(33)))
_LINE_CONTROLS = re.compile(r"[\t\r\n]")
_HOST_SHAPE = re.compile(r"[a-z0-9_.-]+|\[[0-9a-f:.%]+\]")


def url_key(url: str) -> str:
    """The key under which an address identifies an article.

    Scheme and host in lower case, the host in its ASCII form, without user name, default port,
    fragment and trackers, dot segments resolved, escapes in one spelling (RFC 3986, 6.2.2). What is
    no http(s) address (a bare id, a `file:` URL) is its own key. Idempotent.
    """
    parts = _split(url)
    if parts is None:
        return url
    scheme, netloc, path, query = parts
    kept = "&".join(p for p in query.split("&") if not _is_tracker(p)) if query else ""
    key = f"{scheme}://{netloc}{_resolve_dots(_escape(path, _SAFE_PATH))}"
    return f"{key}?{_escape(kept, _SAFE_QUERY)}" if kept else key


def host(url: str) -> str | None:
    """The host of an http(s) address: ASCII, lower case, no port, no "www."; None for others."""
    parts = _split(url)
    if parts is None:
        return None
    name = parts[1] if parts[1].endswith("]") else re.sub(r":\d+\Z", "", parts[1])
    return name.removeprefix("www.") or None


def is_http(url: str) -> bool:
    """Whether this is an http(s) address with a host."""
    return _split(url) is not None


def same_site(a: str, b: str) -> bool:
    """Whether two http(s) addresses lie under one registrable domain.

    The public suffix is told by shape (`co.uk`, `com.au`) and a short list of shared hosts, not by
    the full list: a wrong answer needs two outlets under one unlisted suffix that point at each
    other as canonical.
    """
    host_a, host_b = host(a), host(b)
    if host_a is None or host_b is None:
        return False
    return host_a == host_b or _site(host_a) == _site(host_b)


def resolve(base: str, link: str) -> str | None:
    """The http(s) address that `link` means on a page at `base`, or None: without its fragment and
    without a user's name and password; one longer than `MAX_URL` is none.
    """
    if len(link) > MAX_URL:
        return None
    try:
        url = urljoin(base, _LINE_CONTROLS.sub("", link.strip(_STRIPPED)))
    except ValueError:
        return None
    url = _USER.sub(r"\1", url.partition("#")[0])
    return url if is_http(url) else None


def article_id(key: str) -> str:
    """16 hex digits that stand for a `url_key`."""
    return hashlib.sha256(key.encode("utf-8", "replace")).hexdigest()[:16]


def page_id(url: str, fetched_at: datetime, payload_sha256: str, declared: str = "") -> str:
    """16 hex digits that stand for one capture; the JSON list keeps the parts apart.

    Args:
        url: the address captured.
        fetched_at: when.
        payload_sha256: of the bytes, hexadecimal.
        declared: what was said beside the bytes, in one spelling; "" for nothing.
    """
    parts = [url, fetched_at.astimezone(UTC).isoformat(), payload_sha256]
    text = json.dumps(parts + [declared] * bool(declared))
    return hashlib.sha256(text.encode("ascii")).hexdigest()[:16]


def capture_id(page: Page) -> str:
    """The `page_id` of a page: two captures are one only if they say the same in every respect."""
    said = asdict(page.declared) if page.declared != Declared() else {}
    if said and said["source"] is None:
        del said["source"]
    declared = json.dumps(said, sort_keys=True) if said else ""
    return page_id(page.url, page.fetched_at, hashlib.sha256(page.payload).hexdigest(), declared)


def _split(url: str) -> tuple[str, str, str, str] | None:
    """Scheme, network location, path and query of an http(s) address; None for anything else."""
    cleaned = _LINE_CONTROLS.sub("", url.strip(_STRIPPED))
    try:
        parts = urlsplit(cleaned)
        port = parts.port
        name = parts.hostname
    except ValueError:
        return None
    if parts.scheme not in _DEFAULT_PORTS or not name:
        return None
    ascii_name = _ascii_host(f"[{name}]" if ":" in name else name)
    if ascii_name is None:
        return None
    netloc = ascii_name
    if port is not None and port != _DEFAULT_PORTS[parts.scheme]:
        netloc = f"{ascii_name}:{port}"
    return parts.scheme, netloc, parts.path, parts.query


def _ascii_host(name: str) -> str | None:
    """A host name as it goes over the wire (IDNA), or None where it is no host name."""
    name = name.lower()
    if not name.isascii():
        try:
            name = name.encode("idna").decode("ascii").lower()
        except UnicodeError:
            return None
    name = name.removesuffix(".")
    return name if _HOST_SHAPE.fullmatch(name) and ".." not in name else None


def _site(name: str) -> str:
    """The registrable domain of a host, by shape."""
    labels = name.split(".")
    if name.startswith("[") or labels[-1].isdigit():
        return name
    if len(labels) > 2 and (
        (len(labels[-1]) == 2 and labels[-2] in _SECOND_LEVEL)
        or ".".join(labels[-2:]) in _SHARED_HOSTS
    ):
        return ".".join(labels[-3:])
    return ".".join(labels[-2:])


def _is_tracker(parameter: str) -> bool:
    name = parameter.partition("=")[0].lower()
    return name in _TRACKERS or name.startswith(_TRACKER_FAMILIES)


def _escape(text: str, safe: str) -> str:
    """Escapes in one spelling: unreserved characters plain, all others as %XX in upper case."""

    def respell(match: re.Match[str]) -> str:
        if match[1] is None:
            return "%25"
        char = chr(int(match[1], 16))
        return char if char in _UNRESERVED else f"%{match[1].upper()}"

    return quote(_ESCAPE.sub(respell, text), safe=safe, errors="replace")


def _resolve_dots(path: str) -> str:
    """A path without "." and ".." segments (RFC 3986, 5.2.4); "/" for an empty one."""
    segments = path.split("/")
    out: list[str] = []
    for segment in segments[1:]:
        if segment == "..":
            if out:
                out.pop()
        elif segment != ".":
            out.append(segment)
    if segments[-1] in {".", ".."}:
        out.append("")
    return "/" + "/".join(out)
