"""The marks in a page's HTML that say what it is: one walk over the tree collects them all.

Meta tags, JSON-LD blocks, `<h1>` headings, times, canonical and AMP links; and the printed byline. What
they mean is `transforms.metadata`'s matter.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import islice

from lxml.html import HtmlElement

_MAX_TEXT = 500
_MAX_BYLINE = 200
_MAX_BYLINES = 50
_MAX_PER_NAME = 20
_BYLINE_CLASS = re.compile(
    r"(?:^|[\s_-])by-?line|Byline|author[-_]?name|AuthorName|(?:^|\s)author(?:\s|$)"
)
_CLEANED = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


@dataclass(slots=True)
class Marks:
    """What the walk collects, in the order of the page; texts single-spaced and clipped.

    `meta` maps a lower-case name to its values; `times` are (is marked as published, raw) pairs.
    `linked_headings` counts `<h2>` and `<h3>` that are links: teasers of other pages.
    """

    meta: dict[str, list[str]] = field(default_factory=dict)
    blocks: list[str] = field(default_factory=list)
    headings: list[str] = field(default_factory=list)
    times: list[tuple[bool, str]] = field(default_factory=list)
    linked_headings: int = 0
    page_name: str | None = None
    canonical: str | None = None
    amp: str | None = None
    base: str | None = None


def collect_marks(tree: HtmlElement) -> Marks:
    """Collect the marks of a parsed page; the tree is left as it is."""
    found = Marks()
    for element in tree.iter(*_COLLECTORS):
        _COLLECTORS[element.tag](found, element)
    return found


def _add_script(found: Marks, element: HtmlElement) -> None:
    if element.text and "ld+json" in element.get("type", "").lower():
        found.blocks.append(element.text)


def _add_link(found: Marks, element: HtmlElement) -> None:
    kinds = element.get("rel", "").lower().split()
    if found.canonical is None and "canonical" in kinds:
        found.canonical = element.get("href")
    if found.amp is None and "amphtml" in kinds:
        found.amp = element.get("href")


def _add_heading(found: Marks, element: HtmlElement) -> None:
    if text := _text_of(element):
        found.headings.append(text)


def _count_linked(found: Marks, element: HtmlElement) -> None:
    parent = element.getparent()
    is_linked = (parent is not None and parent.tag == "a") or element.find(".//a") is not None
    found.linked_headings += is_linked


def _add_title(found: Marks, element: HtmlElement) -> None:
    found.page_name = found.page_name or _text_of(element)


def _add_base(found: Marks, element: HtmlElement) -> None:
    found.base = found.base or element.get("href")


def _add_meta(found: Marks, element: HtmlElement) -> None:
    attributes = element.attrib
    content = tidy(attributes.get("content", "")[: 4 * _MAX_TEXT])
    if not content:
        return
    for key in ("name", "property", "itemprop", "http-equiv"):
        if (name := attributes.get(key, "").strip().lower()) and name not in {"name", "url"}:
            values = found.meta.setdefault(name, [])
            if content not in values and len(values) < _MAX_PER_NAME:
                values.append(content)


def _add_time(found: Marks, element: HtmlElement) -> None:
    raw = tidy(element.get("datetime") or element.get("content") or "")
    if not raw:
        return
    marks = f"{element.get('itemprop', '')} {element.get('class', '')}".lower()
    if "modif" in marks or "updat" in marks:
        return
    is_marked = "publish" in marks or element.get("pubdate") is not None
    # An unmarked time counts only when it follows the headline: others date teasers and comments.
    if is_marked or found.headings:
        found.times.append((is_marked, raw))


_COLLECTORS: dict[str, Callable[[Marks, HtmlElement], None]] = {
    "meta": _add_meta,
    "link": _add_link,
    "script": _add_script,
    "title": _add_title,
    "base": _add_base,
    "h1": _add_heading,
    "h2": _count_linked,
    "h3": _count_linked,
    "time": _add_time,
}


def printed_bylines(tree: HtmlElement) -> Iterator[str]:
    """The first printed byline: teasers and comments, which have some too, stand further down."""
    # A walk that ends at the first costs half of an XPath that finds them all.
    for element in islice(filter(_is_byline, tree.iter()), _MAX_BYLINES):
        if element.tag in {"meta", "link", "h1"}:
            continue
        text = tidy(" ".join(_pieces(element)))
        if text and len(text) <= _MAX_BYLINE:
            yield text
            return


def _pieces(element: HtmlElement) -> Iterator[str]:
    """The texts in an element, in order, but for those of times. The parser limits its depth."""
    if element.text:
        yield element.text
    for child in element:
        if child.tag != "time":
            yield from _pieces(child)
        if child.tail:
            yield child.tail


def _is_byline(element: HtmlElement) -> bool:
    name = element.get("class")
    if name and ("yline" in name or "uthor" in name) and _BYLINE_CLASS.search(name):
        return True
    return "author" in {element.get("rel"), element.get("itemprop")}


def _text_of(element: HtmlElement) -> str:
    return tidy("".join(element.itertext())[: 4 * _MAX_TEXT])[:_MAX_TEXT]


def tidy(text: str) -> str:
    """Single spaces, no controls, no surrogates."""
    return " ".join(_CLEANED.sub(" ", text).split())
