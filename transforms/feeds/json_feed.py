"""JSON Feed 1.0 and 1.1 (jsonfeed.org), read leniently: numbers for ids, authors of either form."""

from __future__ import annotations

import html
import json
from collections.abc import Mapping, Sequence

from transforms.decode import storable
from transforms.feeds.entries import Feed, FeedEntry
from transforms.feeds.links import absolute
from transforms.records import Reason, Rejection
from transforms.urls import is_http

_MAX_LISTED = 100


def parse_json_feed(text: str, url: str, max_entries: int) -> Feed | Rejection:
    """Read a JSON Feed found at `url`.

    Returns:
        The feed, or `INVALID_JSON` where it is none, `UNREADABLE` where it holds no list of entries.
    """
    try:
        said = json.loads(text.lstrip("\ufeff"))
    except (ValueError, RecursionError) as error:
        sentence = "is nested too deeply" if isinstance(error, RecursionError) else f"{error}"
        return Rejection(url, Reason.INVALID_JSON, f"is no JSON: {storable(sentence)}")
    listed = said.get("items") if isinstance(said, dict) else None
    if not isinstance(said, dict) or not isinstance(listed, list):
        return Rejection(url, Reason.UNREADABLE, "is a JSON Feed without a list of entries")
    kept = listed[:max_entries]
    hubs = [_text(hub.get("url")) for hub in _mappings(said.get("hubs"))]
    wrong = sum(not isinstance(entry, dict) for entry in kept)
    return Feed(
        kind="json",
        name=_line(said.get("title")) or None,
        site_url=absolute(url, _text(said.get("home_page_url"))),
        self_url=absolute(url, _text(said.get("feed_url"))),
        language=_text(said.get("language"))[:35] or None,
        hub_urls=tuple(dict.fromkeys(hub for hub in (absolute(url, h) for h in hubs) if hub))[:10],
        entries=tuple(
            _entry(position, entry if isinstance(entry, dict) else {}, url)
            for position, entry in enumerate(kept)
        ),
        dropped_count=len(listed) - len(kept),
        malformed=f"{wrong} of its entries are no objects" if wrong else None,
    )


def _entry(position: int, said: Mapping[str, object], url: str) -> FeedEntry:
    guid = _text(said.get("id")) or None
    links = (absolute(url, _text(said.get(name))) for name in ("url", "external_url"))
    link = next((found for found in links if found), None)
    is_link = guid is not None and is_http(guid)
    if link is None and is_link:
        link = absolute(url, guid)
    content = _text(said.get("content_html"))
    plain = _text(said.get("content_text"))
    summary = _paragraphs(_text(said.get("summary")))
    authors = _mappings(said.get("authors")) or _mappings([said.get("author")])
    tags = said.get("tags")
    return FeedEntry(
        position=position,
        url=link,
        guid=guid,
        guid_is_link=is_link,
        headline=_line(said.get("title")),
        published_raw=_text(said.get("date_published")) or None,
        updated_raw=_text(said.get("date_modified")) or None,
        authors=_listed([author.get("name") for author in authors]),
        tags=_listed(tags if isinstance(tags, list) else []),
        summary_html=summary or None,
        content_html=content or _paragraphs(plain) or None,
        content_type="text/html" if content else "text/plain" if plain else None,
    )


def _mappings(value: object) -> list[Mapping[str, object]]:
    return [part for part in value if isinstance(part, dict)] if isinstance(value, list) else []


def _listed(values: Sequence[object]) -> tuple[str, ...]:
    lines = (_line(value) for value in values)
    return tuple(dict.fromkeys(line for line in lines if line))[:_MAX_LISTED]


def _text(value: object) -> str:
    """A string, or a number as a string: ids are often numbers."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    return storable(str(value)).strip()


def _line(value: object) -> str:
    return " ".join(_text(value).split())


def _paragraphs(text: str) -> str:
    lines = (line.strip() for line in text.splitlines())
    return "".join(f"<p>{html.escape(line, quote=False)}</p>" for line in lines if line)
