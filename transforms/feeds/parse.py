"""Feeds to records: one entry point for all dialects.

    payload -> what is it -> text -> strict reading -> (loose reading) -> Feed | Rejection

What is wrong with a feed's form is noted in `Feed.malformed` and costs nothing; only what holds no
entry because of it is rejected. Relative links mean what `xml:base` says, else the address the feed
was found at. Safe to call in a worker that may be killed: arguments and result are plain values.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator
from typing import Any

from transforms.decode import binary_kind, decode_body, decode_text, is_gzip, storable
from transforms.feeds.entries import Feed, FeedEntry, Kind
from transforms.feeds.json_feed import parse_json_feed
from transforms.feeds.links import absolute
from transforms.feeds.sniffing import root_name
from transforms.records import Reason, Rejection
from transforms.urls import is_http, same_site
from transforms.xml_events import XmlBroken, XmlRefused

MAX_FEED_BYTES = 10_000_000
"""Largest feed read; the largest of 200 real news feeds has 3 MB."""

MAX_ENTRIES = 1_000

_KINDS: dict[str, Kind] = {"rss": "rss", "rdf": "rdf", "feed": "atom", "channel": "rss"}
_HTML_TYPES = frozenset({"text/html", "application/xhtml+xml"})
_MAIL = re.compile(r"[^\s()<>]{1,80}@[^\s()<>]{1,80}")
_TAG = re.compile(r"<[^<>]*>")
_KNOWN_TAG = re.compile(
    r"</?(?:a|b|br|cite|code|em|font|h[1-6]|i|img|mark|p|q|small|span|strong|su[bp]|u)\b[^<>]*>",
    re.IGNORECASE,
)
"""What is left out of a headline that is not said to be HTML, nor said to be plain text."""

_SCRIPT = re.compile(r"<(script|style)\b.*?(?:</\1\s*>|\Z)", re.DOTALL | re.IGNORECASE)
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
"""Characters that XML forbids and real feeds hold: left out."""

_ROOT_TAG = re.compile(r"<(?:[\w.-]+:)?(?:rss|rdf|feed|channel)(?=[\s>/])", re.IGNORECASE)
_PERIODS = {"hourly": 3_600, "daily": 86_400, "weekly": 604_800, "monthly": 2_592_000}
_YEAR_S = 31_536_000
_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_MAX_LISTED = 100


def parse_feed(
    payload: bytes, *, content_type: str, url: str, max_entries: int = MAX_ENTRIES
) -> Feed | Rejection:
    """Read a feed of any dialect.

    Args:
        payload: the bytes after content decoding; a gzip file is opened, within bounds.
        content_type: the header as sent; its charset counts, its type does not.
        url: where the payload was found, after redirects.
        max_entries: how many entries to keep; those beyond are counted.

    Returns:
        The feed, or why there is none: `EMPTY`, `BINARY`, `TOO_LARGE`, `TRUNCATED`, `UNREADABLE`,
        `UNSUPPORTED_TYPE` where it is something else, such as a page.
    """
    if is_gzip(payload):
        opened = decode_body(payload, "gzip", limit=MAX_FEED_BYTES)
        if isinstance(opened, Reason):
            return Rejection(url, opened, f"is a gzip file and {_GZIP_FAULTS[opened]}")
        payload = opened
    if not payload.strip():
        return Rejection(url, Reason.EMPTY, "holds nothing")
    if len(payload) > MAX_FEED_BYTES:
        return Rejection(url, Reason.TOO_LARGE, f"is larger than {MAX_FEED_BYTES // 10**6} MB")
    root = root_name(payload, content_type)
    if root == "json":
        return parse_json_feed(decode_text(payload, content_type), url, max_entries)
    if root not in _KINDS:
        return _no_feed(payload, root, url)
    if payload[:4] in {b"<\0?\0", b"<\0r\0", b"<\0f\0"}:
        content_type = "text/xml; charset=utf-16-le"
    text = decode_text(payload, content_type).lstrip("\ufeff")
    try:
        reader, malformed = _read(text, max_entries)
    except XmlRefused as refused:
        return Rejection(url, refused.reason, refused.detail)
    if malformed and not reader.entries:
        detail = f"has no entry that can be read: {malformed}"
        return Rejection(url, Reason.UNREADABLE, storable(detail))
    return _feed(reader, _KINDS[root], url, malformed)


_GZIP_FAULTS = {
    Reason.TOO_LARGE: f"opens to more than {MAX_FEED_BYTES // 10**6} MB",
    Reason.TRUNCATED: "ends early",
    Reason.UNREADABLE: "is damaged",
}


def _no_feed(payload: bytes, root: str | None, url: str) -> Rejection:
    if root == "page":
        return Rejection(url, Reason.UNSUPPORTED_TYPE, "is a web page and no feed")
    if root is not None:
        return Rejection(url, Reason.UNSUPPORTED_TYPE, "is a sitemap and no feed")
    kind = binary_kind(payload)
    if kind is not None:
        return Rejection(url, Reason.BINARY, f"is {kind} and no feed")
    return Rejection(url, Reason.UNSUPPORTED_TYPE, "is no feed: it holds no known root element")


def _read(text: str, max_entries: int) -> tuple[Any, str | None]:
    """The reader that understood the text, and what is wrong with its form.

    Raises:
        XmlRefused: The text goes beyond the bounds.
    """
    from transforms.feeds import dialects  # noqa: PLC0415 - loads feedparser, which is slow

    cleaned = _FORBIDDEN.sub("", _without_preamble(text))
    try:
        reader = dialects.read_strictly(cleaned, max_entries)
    except XmlBroken as broken:
        malformed = str(broken)
    except XmlRefused:
        raise
    except Exception as error:  # noqa: BLE001 - a fault of the library on odd input: the other reader may do
        malformed = f"{type(error).__name__}: {error}"
    else:
        is_clean = cleaned == text.lstrip()
        return reader, None if is_clean else "has characters that XML forbids, or text before it"
    try:
        return dialects.read_loosely(cleaned, max_entries), malformed
    except XmlRefused:
        raise
    except Exception as error:  # noqa: BLE001 - as above: counted as unreadable
        return _Nothing(), f"{malformed}; {type(error).__name__}: {error}"


class _Nothing:
    """A reader that found nothing."""

    entries = ()


def _without_preamble(text: str) -> str:
    """The text from the feed on: without the warning that some program printed before it."""
    root = _ROOT_TAG.search(text)
    if root is None:
        return text.lstrip()
    declaration = text.rfind("<?xml ", 0, root.start())
    if declaration >= 0:
        return text[declaration:]
    before = text[: root.start()].lstrip()
    return text[root.start() :] if before and before[:2] not in {"<?", "<!"} else text.lstrip()


def _feed(reader: Any, kind: Kind, url: str, malformed: str | None) -> Feed:
    said = reader.feeddata
    links = [link for link in _records(dict.get(said, "links")) if link.get("href")]
    hubs = (absolute(url, _text(link["href"])) for link in links if link.get("rel") == "hub")
    own = (absolute(url, _text(link["href"])) for link in links if link.get("rel") == "self")
    entries = _entries(reader, kind, url)
    return Feed(
        kind=kind,
        name=_line(dict.get(said, "title"), _detail_type(said, "title")) or None,
        site_url=absolute(url, _text(dict.get(said, "link"))),
        self_url=next((address for address in own if address), None),
        language=_text(dict.get(said, "language"))[:35] or None,
        ttl_minutes=_number(dict.get(said, "ttl")),
        skip_hours=frozenset(_hours(reader.hours)),
        skip_days=frozenset(_days(reader.days)),
        update_every_s=_update_every_s(said),
        hub_urls=tuple(dict.fromkeys(hub for hub in hubs if hub))[:10],
        entries=tuple(entries),
        dropped_count=reader.dropped_count,
        malformed=storable(malformed) if malformed else None,
    )


def _entries(reader: Any, kind: Kind, url: str) -> Iterator[FeedEntry]:
    for position, said in enumerate(reader.entries):
        guid = _text(dict.get(said, "id")) or None
        link = _article_url(said, kind, url)
        is_link = dict.get(said, "wirecopy_permalink") is True and is_http(guid or "")
        if link is None and guid is not None and (is_link or _is_atom_link(kind, guid, url)):
            link, is_link = absolute(url, guid), True
        published, updated = (_text(dict.get(said, name)) for name in ("published", "updated"))
        if not published and kind in {"rss", "rdf"}:
            published, updated = updated, ""  # dc:date is when it was published, there
        content, content_type = _content(said)
        summary = _html(dict.get(said, "summary"), _detail_type(said, "summary"))
        yield FeedEntry(
            position=position,
            url=link,
            guid=guid,
            guid_is_link=is_link,
            headline=_line(
                dict.get(said, "title"), _detail_type(said, "title"), is_sure=kind == "atom"
            )
            or _line(dict.get(said, "media_title"), "text/html"),
            published_raw=published or None,
            updated_raw=updated or None,
            authors=_authors(said),
            tags=_listed(_text(t.get("label")) or _text(t.get("term")) for t in _tags(said)),
            summary_html=summary if summary and summary != content else None,
            content_html=content,
            content_type=content_type,
        )


def _article_url(said: Any, kind: Kind, url: str) -> str | None:
    """The entry's address: the original where a proxy names it, else its link."""
    for name in ("feedburner_origlink", "pheedo_origlink"):
        original = absolute(url, _text(dict.get(said, name)))
        if original is not None:
            return original
    links = _records(dict.get(said, "links"))
    alternates = [
        _text(link.get("href")) for link in links if link.get("rel", "alternate") == "alternate"
    ]
    # In Atom the first alternate is the entry's; elsewhere the text of <link>, the last one read.
    candidates = [_text(dict.get(said, "link")), *alternates]
    if kind == "atom":
        html_first = [
            _text(link.get("href"))
            for link in links
            if link.get("rel") == "alternate" and link.get("type", "text/html") in _HTML_TYPES
        ]
        candidates = [*html_first, *alternates]
    found = (absolute(url, link) for link in candidates if link)
    return next((link for link in found if link), None)


def _is_atom_link(kind: Kind, guid: str, url: str) -> bool:
    """An Atom id is no link, but where there is none and it lies on the feed's site, it leads there."""
    return kind == "atom" and is_http(guid) and same_site(guid, url)


def _content(said: Any) -> tuple[str | None, str | None]:
    """The longest text of an entry as HTML, and its declared type."""
    best: tuple[str | None, str | None] = None, None
    for part in _records(dict.get(said, "content")):
        kind = _text(part.get("type")) or "text/html"
        if not (kind.startswith("text/") or kind in _HTML_TYPES):
            continue
        value = _html(part.get("value"), kind)
        if value and len(value) > len(best[0] or ""):
            best = value, kind
    return best


def _authors(said: Any) -> tuple[str, ...]:
    named = [_text(author.get("name")) for author in _records(dict.get(said, "authors"))]
    raw = _text(dict.get(said, "author"))
    if len(named) <= 1 and ("@" in raw or not any(named)):
        # feedparser cuts addresses off after four letters of their last part: ".example", ".media".
        named = [_MAIL.sub(" ", raw).strip(" ()<>,;")]
    # Of several such authors it keeps no more than what it made of them: "ple (Jane Doe".
    named = [n.rpartition("(")[2] if n.count("(") > n.count(")") else n for n in named]
    return _listed(name for name in named if "@" not in name)


def _tags(said: Any) -> list[Any]:
    return _records(dict.get(said, "tags"))


def _listed(values: Iterable[str]) -> tuple[str, ...]:
    """Values in one line each, without blanks and repeats, and not without end."""
    lines = (" ".join(value.split()) for value in values)
    return tuple(dict.fromkeys(line for line in lines if line))[:_MAX_LISTED]


def _records(value: object) -> list[Any]:
    """A list of mappings, whatever a hostile feed made of it."""
    return [part for part in value if isinstance(part, dict)] if isinstance(value, list) else []


def _text(value: object) -> str:
    return storable(value).strip() if isinstance(value, str) else ""


def _detail_type(said: Any, name: str) -> str:
    detail = dict.get(said, f"{name}_detail")
    return (_text(detail.get("type")) if isinstance(detail, dict) else "") or "text/html"


def _line(value: object, kind: str, *, is_sure: bool = True) -> str:
    """One line of plain text; `is_sure` where the kind was declared and not guessed."""
    text = _text(value)
    if not is_sure:
        text = _KNOWN_TAG.sub(" " if "<br" in text else "", _SCRIPT.sub("", text))
    if kind in _HTML_TYPES:
        text = _TAG.sub(" " if "<br" in text else "", _SCRIPT.sub("", text))
        text = storable(html.unescape(text))
    return " ".join(text.split())


def _html(value: object, kind: str) -> str | None:
    text = _text(value)
    return (text if kind in _HTML_TYPES else plain_as_html(text)) or None


def plain_as_html(text: str) -> str:
    """Plain text as HTML: escaped, a `<p>` for each line."""
    lines = (line.strip() for line in text.splitlines())
    return "".join(f"<p>{html.escape(line, quote=False)}</p>" for line in lines if line)


def _number(value: object) -> int | None:
    digits = _text(value)
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 8 else None


def _hours(raw: Iterable[str]) -> Iterator[int]:
    for value in raw:
        hour = _number(value)
        if hour is not None and hour <= 24:
            yield hour % 24  # RSS 0.91 counted from 1 to 24


def _days(raw: Iterable[str]) -> Iterator[int]:
    for value in raw:
        name = value.strip().lower()[:3]
        if name in _DAYS:
            yield _DAYS.index(name)


def _update_every_s(said: Any) -> int | None:
    """The syndication module: so many updates in a period, a day where it names none."""
    period = _text(dict.get(said, "sy_updateperiod")).lower()
    frequency = _number(dict.get(said, "sy_updatefrequency"))
    if not period and not frequency:
        return None
    length = _YEAR_S if period == "yearly" else _PERIODS.get(period or "daily")
    return None if length is None else max(length // max(frequency or 1, 1), 1)
