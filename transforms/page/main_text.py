"""The main text of a parsed page: the one place that calls trafilatura.

It is run as measured: fast, without comments, never with its deduplication (a process-wide cache
that empties a page seen before). One full run at most follows, where the fast one finds suspiciously
little.
"""

from __future__ import annotations

import logging
import re
from dataclasses import dataclass
from itertools import islice

from lxml.html import HtmlElement
from trafilatura import bare_extraction
from trafilatura.settings import Document

from transforms.page.body import body_lines, looks_like_a_dump
from transforms.page.parsing import parse_html
from transforms.records import BodySource

_SHORT_CHARS = 500
_DECLARED_SHARE = 0.6
_LAST_RESORT_SHARE = 0.3
_BLOCKS = ("blockquote", "div", "h1", "h2", "h3", "h4", "h5", "h6", "li", "p", "td", "tr")
_MOST_BLOCKS = 3_000
"""A page of more has no full run: jusText, a part of it, is quadratic in blocks, and 3,000 take
seconds. The most of 181 labelled news pages is 856."""

_MARKUP = re.compile(r"</?[a-zA-Z][^<>]{0,500}>")

# Pages it cannot read end in a rejection; its own warnings would only repeat that.
logging.getLogger("trafilatura").setLevel(logging.CRITICAL)


@dataclass(frozen=True, slots=True)
class MainText:
    """Paragraphs in their order, the headings among them, and which way of reading gave them."""

    lines: list[str]
    headings: list[str]
    source: BodySource

    @property
    def length(self) -> int:
        """Characters of all paragraphs."""
        return sum(map(len, self.lines))


def main_text(
    tree: HtmlElement, text: str, declared_body: str | None, *, favor_precision: bool = False
) -> MainText:
    """The article's text: a fast run, and a full one when that found suspiciously little, or a dump.

    Args:
        tree: the page as `transforms.page.layout` prepared it.
        text: the page as it came, which the full run starts from.
        declared_body: JSON-LD's `articleBody`: a measure of what is little, and the last resort,
            for pages that only a script fills.
        favor_precision: whether the fast run leaves out what may be noise.
    """
    usual = BodySource.PRECISION if favor_precision else BodySource.FAST
    fast = _run(tree, usual)
    wanted = _DECLARED_SHARE * len(declared_body or "")
    if looks_like_a_dump(fast.lines):
        full = _full_run(text)
        return full if full.length >= _SHORT_CHARS else fast
    if fast.length >= max(_SHORT_CHARS, wanted):
        return fast
    full = _full_run(text)
    best = full if full.length > fast.length else fast
    if declared_body is not None and best.length < _LAST_RESORT_SHARE * len(declared_body):
        return MainText(body_lines(_MARKUP.sub("\n", declared_body)), [], BodySource.JSON_LD)
    return best


def _full_run(text: str) -> MainText:
    tree = parse_html(text)
    if tree is None or next(islice(tree.iter(*_BLOCKS), _MOST_BLOCKS, None), None) is not None:
        return MainText([], [], BodySource.FULL)
    return _run(tree, BodySource.FULL)


def _run(tree: HtmlElement, source: BodySource) -> MainText:
    nothing = MainText([], [], source)
    try:
        found = bare_extraction(
            tree,
            fast=source is not BodySource.FULL,
            favor_precision=source is BodySource.PRECISION,
            include_comments=False,
            deduplicate=False,
        )
    except MemoryError:
        raise
    except Exception:  # noqa: BLE001 - it has raised many kinds on hostile trees; then it found nothing
        return nothing
    if not isinstance(found, Document) or found.body is None:
        return nothing
    headings = ["".join(element.itertext()) for element in found.body.iter("head")]
    lines = body_lines(found.text or "")
    return MainText(lines, [" ".join(text.split()) for text in headings], source)
