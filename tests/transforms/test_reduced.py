"""The crude way to read a page: linear, never wrong about what is text, good enough in need."""

from __future__ import annotations

import re
from typing import SupportsIndex

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.page import reduced
from transforms.page.reduced import reduce_html

FIRST = "The town council voted on Tuesday to approve the plan &amp; the budget."
SECOND = "Fishermen had asked for a <b>deeper</b> basin, residents <a href=/x>feared noise</a>."
PAGE = f"""<!doctype html><html lang="en"><head><title>Plan approved</title>
<meta property="og:title" content="Plan approved"><link rel=canonical href=/a>
<script type="application/ld+json">{{"@type": "NewsArticle"}}</script>
<script>var x = "<p>No text of the article, but a string in a script of the page.</p>";</script>
<style>p {{ color: red }}</style></head><body><!-- <p>Commented out, and long enough to be text.</p> -->
<nav><ul><li>A menu entry that is long enough to be taken for running text</li></ul></nav>
<h1>Plan approved</h1><p>{FIRST}</p><div><P CLASS=x>{SECOND}</P></div>
<p><a href=/y>Another article's headline, long enough for a paragraph of text</a></p>
<p>Short.</p><footer><p>All rights reserved by the publisher of this page, 2026.</p></footer></body></html>"""


def test_paragraphs_are_kept_and_nothing_else() -> None:
    """Menus, scripts, comments, footers, links and short pieces go; entities are resolved."""
    assert reduce_html(PAGE).lines == [
        "The town council voted on Tuesday to approve the plan & the budget.",
        "Fishermen had asked for a deeper basin, residents feared noise.",
    ]


def test_the_marks_of_the_head_are_kept() -> None:
    """What metadata are read from: meta tags, links, JSON-LD, the page's name and first heading."""
    head = reduce_html(PAGE).head
    for part in (
        'lang="en"',
        "<title>Plan",
        "og:title",
        "rel=canonical",
        "NewsArticle",
        "<h1>Plan",
    ):
        assert part in head
    assert "var x" not in head


def test_a_page_without_paragraphs_gives_its_blocks() -> None:
    """Text that stands in plain divs and breaks."""
    text = "A line of text that is long enough to be part of an article, no. "
    assert len(reduce_html(f"<div>{text}1<br>{text}2</div>{text}3").lines) == 3


@given(st.text(alphabet="<>/!-? apsctinv=\"'&;\n", max_size=300))
def test_any_text_is_read(text: str) -> None:
    """Nothing raises, and no line holds a tag that was closed."""
    for line in reduce_html(text).lines:
        assert line == " ".join(line.split())


@pytest.mark.parametrize(
    "unit",
    [
        "<", "<!", "<!--", "<nav>", "<a ", "<p>", "<div>", "</p>", "<script>", "<p><b>", "<a=1 ", "&", "a ",
        "<script type=application/ld+json></script>", "<meta a=b>", "<title>x", "<x y='>'>",
    ],
)  # fmt: skip
def test_a_page_is_read_about_once(monkeypatch: pytest.MonkeyPatch, unit: str) -> None:
    """However long it is, and whatever is in it: what is looked at adds up to a few times its length."""
    text = Watched(unit * (100_000 // len(unit)))
    find_end = reduced._find_end

    def watched(text: str, name: str, place: int) -> re.Match[str] | None:
        found = find_end(text, name, place)
        Watched.looked_at += (found.end() if found else len(text)) - place
        return found

    monkeypatch.setattr(reduced, "_find_end", watched)
    monkeypatch.setattr(Watched, "looked_at", 0)

    reduce_html(text)

    assert Watched.looked_at < 5 * len(text)


class Watched(str):
    """A text that counts the characters that are looked at: searched through, or cut out."""

    __slots__ = ()
    looked_at = 0

    def find(self, part: str, start: int = 0, end: int | None = None) -> int:  # type: ignore[override]
        """As of any text."""
        stop = len(self) if end is None else min(end, len(self))
        found = str.find(self, part, start, stop)
        Watched.looked_at += (stop if found < 0 else found + len(part)) - start
        return found

    def __getitem__(self, place: SupportsIndex | slice) -> str:
        """As of any text."""
        cut = str.__getitem__(self, place)
        Watched.looked_at += len(cut)
        return cut
