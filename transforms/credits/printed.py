"""Credits printed on a page outside its text: between the headline and the first paragraph, and
after the last one.

Many sites print "Jane Doe, dpa" or "Quelle: AFP" in elements that no class marks, and that the text
extraction leaves out. The few short lines there are collected with what they are: whether an agency
is credited is for `agencies` to say. Nothing in or beside a picture is looked at.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from lxml.html import HtmlElement

LINE = "printed_line"
MARKED = "printed_byline"
SOURCE = "printed_source"

_MOST_ELEMENTS = 250
_LONGEST_LINE = 90
_PARAGRAPH = 140  # characters of an element's own text that make it a paragraph
_LAST_CHILDREN = 6
_SKIPPED = frozenset(
    "figure figcaption picture video audio aside nav script style noscript form button svg iframe footer h1".split()  # noqa: SIM905
)
_HEADINGS = frozenset({"h2", "h3", "h4"})
_NOT_A_CREDIT = re.compile(
    r"(?:^|[\s_-])(?:caption|credits?|copyright|images?|img|photos?|foto|pictures?|pict|gallery|videos?|figure|legend"
    r"|bild|related|teasers?|sidebar|comments?|promo|newsletter|ticker|popular|trending|breadcrumbs?)(?:$|[\s_-])",
    re.IGNORECASE,
)
_MARKED = re.compile(r"by-?line|author|writer|reporter|source|agency", re.IGNORECASE)
_SOURCE_LINE = re.compile(
    r"(?:news )?(?:sources?|quellen?|fuentes?|fontes?|fonti|bron(?:nen)?|källor|källa|kilder?|kaynak)\s*[:：]",
    re.IGNORECASE,
)

Signal = tuple[str, str]


def printed_credits(tree: HtmlElement, headline: str | None) -> tuple[Signal, ...]:
    """Short lines that may credit an agency, as (signal, line) pairs in the order of the page.

    Args:
        tree: the parsed page; left as it is.
        headline: its headline; a page whose `<h1>` is another has no lines.
    """
    heading = next((h for h in tree.iter("h1") if _text_of(h) == headline), None)
    if heading is None:
        return ()
    found: list[Signal] = []
    for element in islice(_following(heading), _MOST_ELEMENTS):
        own = _own_text(element)
        if element.tag in _HEADINGS:
            continue
        if len(own) >= _PARAGRAPH or (element.tag == "p" and len(_text_of(element)) >= _PARAGRAPH):
            found.extend(_after(element))
            break
        text = " ".join(own.split())
        if 2 <= len(text) <= _LONGEST_LINE:
            names = f"{element.get('class', '')} {element.get('id', '')}"
            found.append((MARKED if _MARKED.search(names) else LINE, text))
    return tuple(dict.fromkeys(found))


def _following(element: HtmlElement) -> Iterator[HtmlElement]:
    """The elements after one in the order of the page, without what belongs to pictures."""
    at: HtmlElement | None = element
    while at is not None:
        for sibling in at.itersiblings():
            yield from _inside(sibling)
        at = at.getparent()


def _inside(element: HtmlElement) -> Iterator[HtmlElement]:
    """An element and those in it; the parser limits their depth."""
    if element.tag in _SKIPPED or not isinstance(element.tag, str):
        return
    if _NOT_A_CREDIT.search(element.get("class", "")):
        return
    yield element
    for child in element:
        yield from _inside(child)


def _after(paragraph: HtmlElement) -> Iterator[Signal]:
    """Source lines under the last paragraph: among the last elements beside the first one."""
    parent = paragraph.getparent()
    if parent is None:
        return
    for child in islice(parent.iterchildren(reversed=True), _LAST_CHILDREN):
        for element in islice(_inside(child), _LAST_CHILDREN):
            text = " ".join(_own_text(element).split())
            if len(text) <= _LONGEST_LINE and _SOURCE_LINE.match(text):
                yield SOURCE, text


def _own_text(element: HtmlElement) -> str:
    parts = [element.text or "", *(child.tail or "" for child in element)]
    return "".join(parts)


def _text_of(element: HtmlElement) -> str:
    return " ".join("".join(element.itertext()).split())
