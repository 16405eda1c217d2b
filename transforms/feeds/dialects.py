"""feedparser's grammar of all feed dialects, driven by us and within bounds.

`feedparser.parse` is not used: given a string it opens addresses and files, it decodes by a
standard that servers ignore, resolves and sanitises HTML that nobody asked for, and needs time
quadratic in attributes. Its two readers, strict and loose, are; both dispatch by tag name, so what
they lose (`skipHours` but for the last, `isPermaLink`) is a method more.
`benchmarks/results/fetch.md` has the time of each setting.
"""

from __future__ import annotations

import re
from typing import Any

from feedparser.api import LooseFeedParser, StrictFeedParser

from transforms.xml_events import MAX_ATTRIBUTES, XmlEvents, XmlRefused, read_xml

_ENTRY_TAGS = frozenset({"item", "entry"})
_MAX_NAMESPACES = 200
_MAX_TAGS = 100
_DECLARATION = re.compile(r"<!DOCTYPE\b[^<>]{0,300}>?", re.IGNORECASE)
"""Left out before loose reading: sgmllib needs time quadratic in their number."""


class _Bounds:
    """What both readers do beyond feedparser: stop at a number of entries, keep what it loses."""

    max_entries = 1000

    def __init__(self, *args: object) -> None:
        self.dropped_count = 0
        self.hours: list[str] = []
        self.days: list[str] = []
        self.is_full = False
        super().__init__(*args)
        self.resolve_relative_uris = False
        self.sanitize_html = False

    def unknown_starttag(self: Any, tag: str, attrs: list[tuple[str, str]]) -> None:
        is_entry = tag.rpartition(":")[2].lower() in _ENTRY_TAGS
        if self.is_full or (is_entry and len(self.entries) >= self.max_entries):
            # Beyond the cap entries are counted and not read: that costs next to nothing.
            self.is_full = True
            self.dropped_count += is_entry
            return
        if len(attrs) > MAX_ATTRIBUTES:
            raise XmlRefused(f"has an element with more than {MAX_ATTRIBUTES} attributes")
        super().unknown_starttag(tag, attrs)  # type: ignore[misc]

    def unknown_endtag(self: Any, tag: str) -> None:
        if not self.is_full:
            super().unknown_endtag(tag)  # type: ignore[misc]

    def _take_text(self: Any, text: str, escape: int = 1) -> None:
        if not self.is_full:
            super().handle_data(text, escape)  # type: ignore[misc]

    handle_data = _take_text

    def handle_charref(self: Any, ref: str) -> None:
        try:
            super().handle_charref(ref)  # type: ignore[misc]
        except (ValueError, OverflowError):  # &#x110000; and the like
            self.handle_data("\ufffd")

    def track_namespace(self: Any, prefix: str | None, uri: str) -> None:
        if len(self.namespaces_in_use) < _MAX_NAMESPACES:
            super().track_namespace(prefix, uri)  # type: ignore[misc]

    def _add_tag(self: Any, term: str | None, scheme: str | None, label: str | None) -> None:
        # feedparser compares each tag with all before it.
        if len(self._get_context().get("tags") or ()) < _MAX_TAGS:
            super()._add_tag(term, scheme, label)  # type: ignore[misc]

    def _start_guid(self: Any, attrs: dict[str, str]) -> None:
        super()._start_guid(attrs)  # type: ignore[misc]
        self.guidislink = 0  # "12345" says that it is a link as often as not: never resolved
        stated = attrs.get("ispermalink", "true").strip().lower()
        self._get_context()["wirecopy_permalink"] = stated != "false"

    def _end_hour(self: Any) -> None:
        self.hours.append(self.pop("hour") or "")

    def _end_day(self: Any) -> None:
        self.days.append(self.pop("day") or "")

    # A caption is no summary of the article, and its name no headline.
    def _start_media_description(self: Any, attrs: dict[str, str]) -> None:  # noqa: ARG002 - its signature
        self.push("media_description", 1)

    def _end_media_description(self: Any) -> None:
        self.pop("media_description")

    def _start_media_title(self: Any, attrs: dict[str, str]) -> None:  # noqa: ARG002 - its signature
        self.push("media_title", 1)

    def _end_media_title(self: Any) -> None:
        self.pop("media_title")

    # Times are kept as written: what feedparser reads into them is wrong for many zones.
    def _end_published(self: Any) -> None:
        self.pop("published")

    _end_issued = _end_pubdate = _end_published

    def _end_updated(self: Any) -> None:
        self.pop("updated")

    _end_modified = _end_lastbuilddate = _end_updated

    def _end_created(self: Any) -> None:
        self.pop("created")

    def _end_expirationdate(self: Any) -> None:
        self.pop("expired")


class _Strict(_Bounds, StrictFeedParser):  # type: ignore[misc]
    """For well-formed XML."""

    def begin(self, name: str, attributes: list[str]) -> None:
        names = map(self._name, attributes[::2])
        self.unknown_starttag(self._name(name), list(zip(names, attributes[1::2], strict=True)))

    def finish(self, name: str) -> None:
        self.unknown_endtag(self._name(name))

    def _name(self, name: str) -> str:
        """A name as feedparser wants it: with the prefix it has for the namespace, in lower case."""
        parts = name.split(" ")
        if len(parts) == 1:
            return name.lower()
        uri = parts[0].lower()
        given = parts[2] if len(parts) > 2 else ""
        prefix = "" if "backend.userland.com/rss" in uri else self._matchnamespaces.get(uri, given)
        return (f"{prefix}:{parts[1]}" if prefix else parts[1]).lower()


class _Loose(_Bounds, LooseFeedParser):  # type: ignore[misc]
    """For what only looks like XML."""


def read_strictly(text: str, max_entries: int) -> Any:
    """Read a well-formed feed; what comes back has feedparser's `feeddata`, `entries` and ours.

    Addresses are resolved as far as `xml:base` says; whoever knows the feed's own does the rest.

    Raises:
        XmlRefused: It goes beyond the bounds.
        XmlBroken: It is not well-formed.
    """
    reader = _Strict("", None, "utf-8")
    reader.max_entries = max_entries
    events = XmlEvents(reader.begin, reader.finish, reader.handle_data, reader.startPrefixMapping)
    read_xml(text.encode("utf-8"), events, encoding="utf-8")
    return reader


def read_loosely(text: str, max_entries: int) -> Any:
    """Read an ill-formed feed; the same comes back.

    Raises:
        XmlRefused: It goes beyond the bounds.
    """
    reader = _Loose("", None, "utf-8", {})
    reader.max_entries = max_entries
    reader.feed(_DECLARATION.sub("", text))
    return reader
