"""Sources as lines of an OPML file and back, so that a list can live in a feed reader for a while.

A feed is an ordinary subscription to any reader. What OPML has no attribute for (slug, time zone,
interval, kind, ...) travels in attributes of our own. What other programs wrote stays with the
source, in its table `opml`, and is written out again; the categories a feed stands in, outermost
first, in its list `categories`.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from itertools import count

from transforms.opml import HeadLine, Opml, Outline, Subscription, all_lines
from transforms.source_lists import SourceList, SourceSpec, parse_table
from transforms.urls import host

_OWN = "wirecopy:"
_ROOT = (("version", "2.0"), ("xmlns:wirecopy", "urn:wirecopy:opml"))
_STRINGS = ("slug", "publisher", "kind", "timezone", "every")
_FLAGS = ("enabled", "favor_precision")
_NUMBERS = ("max_entries",)
_EXTRA = f"{_OWN}extra"
_READ = frozenset({"xmlurl", "url", "language"})
_NOT_SLUG = re.compile(r"[^a-z0-9]+")
_FEED_SCHEME = re.compile(r"feed:(?://)?(?=https?://)", re.IGNORECASE)
_FEED_ALONE = re.compile(r"feed:(?=//)", re.IGNORECASE)


def opml_of(sources: Iterable[SourceSpec], *, name: str = "wirecopy sources") -> Opml:
    """The list as OPML, feeds in their order, each in its categories."""
    top = _Category("")
    for source in sources:
        category = top
        for label in _categories(source):
            category = category.child(label)
        category.lines.append(_outline(source))
    return Opml(_ROOT, (HeadLine("title", name),), top.outlines())


def sources_of(
    opml: Opml, *, taken: Collection[str] = (), name: str = "the OPML file"
) -> SourceList:
    """The sources of an OPML file, and a sentence for each line that cannot be one.

    Args:
        opml: as read.
        taken: slugs that others have already.
        name: what to call the file in a sentence.
    """
    sources: list[SourceSpec] = []
    faults: list[str] = []
    used = set(taken)
    for line in all_lines(opml):
        if not line.url and not line.outline.get(f"{_OWN}kind"):
            continue  # a category, or a link that is no source
        table = _table(line, used)
        source, wrong = parse_table(table)
        label = line.name or line.url or "a line"
        faults += [f'{name}: "{label[:80]}": {fault}' for fault in wrong]
        if source is not None and not wrong:
            sources.append(source)
            used.add(source.slug)
    return SourceList(tuple(sources), tuple(faults))


def slug_of(name: str, url: str, taken: Collection[str]) -> str:
    """A slug that is not taken: of the name in plain letters, else of the host."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    base = _NOT_SLUG.sub("-", plain).strip("-")[:60].strip("-")
    if len(base) < 3:
        base = _NOT_SLUG.sub("-", host(url) or "source").strip("-")[:60]
    numbered = (f"{base}-{number}" for number in count(2))
    return base if base not in taken else next(slug for slug in numbered if slug not in taken)


@dataclass(slots=True)
class _Category:
    """A category that is being filled; what stands in it, in the order of its first line."""

    label: str
    lines: list[Outline | _Category] = field(default_factory=list)
    by_label: dict[str, _Category] = field(default_factory=dict)

    def child(self, label: str) -> _Category:
        if label not in self.by_label:
            self.by_label[label] = _Category(label)
            self.lines.append(self.by_label[label])
        return self.by_label[label]

    def outlines(self) -> tuple[Outline, ...]:
        return tuple(
            Outline((("text", line.label),), line.outlines())
            if isinstance(line, _Category)
            else line
            for line in self.lines
        )


def _categories(source: SourceSpec) -> list[str]:
    found = source.extra.get("categories")
    return [label for label in found if isinstance(label, str)] if isinstance(found, list) else []


def _outline(source: SourceSpec) -> Outline:
    found = source.extra.get("opml")
    foreign = {
        key: value
        for key, value in (found.items() if isinstance(found, Mapping) else ())
        if isinstance(key, str) and isinstance(value, str)
    }
    attributes = {"text": source.publisher or source.slug} | foreign
    if source.kind == "feed":
        attributes.setdefault("type", "rss")
        attributes["xmlUrl"] = source.url
    else:
        attributes.setdefault("type", "link")
        attributes["url"] = source.url
    if source.language is not None:
        attributes["language"] = source.language
    for key in _STRINGS:
        value = getattr(source, key)
        if value is not None:
            attributes[_OWN + key] = value
    if not source.enabled:
        attributes[f"{_OWN}enabled"] = "false"
    if source.favor_precision:
        attributes[f"{_OWN}favor_precision"] = "true"
    if source.max_entries is not None:
        attributes[f"{_OWN}max_entries"] = str(source.max_entries)
    rest = {key: value for key, value in source.extra.items() if key not in {"opml", "categories"}}
    if rest:
        # Dates of TOML become strings: OPML has no better place for them.
        attributes[_EXTRA] = json.dumps(rest, ensure_ascii=False, default=str)
    return Outline(tuple(attributes.items()))


def _table(line: Subscription, used: Collection[str]) -> dict[str, object]:
    """A line as a table of `sources.toml`."""
    given = dict(line.outline.attributes)
    own = {key.removeprefix(_OWN): value for key, value in given.items() if key.startswith(_OWN)}
    url = _FEED_ALONE.sub("http:", _FEED_SCHEME.sub("", line.url, 1), 1)
    url = url or line.outline.get("url").strip()
    slug = own.get("slug") or ""
    table: dict[str, object] = {
        "slug": slug if slug and slug not in used else slug_of(slug or line.name, url, used),
        "url": url,
        "kind": own.get("kind") or "feed",
    }
    publisher = own.get("publisher") or ("" if slug else line.name)
    named = {
        "publisher": publisher,
        "language": line.outline.get("language").strip(),
        "timezone": own.get("timezone"),
        "every": own.get("every"),
    }
    table |= {key: value for key, value in named.items() if value}
    table |= {key: own[key] == "true" for key in _FLAGS if key in own}
    table |= {key: int(own[key]) for key in _NUMBERS if own.get(key, "").isdecimal()}
    table |= _extra(given.get(_EXTRA))
    if line.categories:
        table["categories"] = list(line.categories)
    foreign = {
        key: value
        for key, value in given.items()
        if not key.startswith(_OWN) and key.lower() not in _READ
    }
    default = {"text": str(table.get("publisher") or table["slug"]), "type": "rss"}
    if table["kind"] != "feed":
        default["type"] = "link"
    if foreign != default:
        table["opml"] = foreign
    return table


def _extra(text: str | None) -> dict[str, object]:
    try:
        found = json.loads(text) if text else {}
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}
