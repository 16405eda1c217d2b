"""The crude way to read a page: linear, never wrong about what is text, good enough in need."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

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
def test_its_time_is_linear(unit: str) -> None:
    """Ten times the page takes about ten times as long: far from a hundred times."""
    small, large = (_seconds(unit * (size // len(unit))) for size in (100_000, 1_000_000))
    assert large < 40 * max(small, 0.005)


def _seconds(text: str) -> float:
    spent = []
    for _ in range(2):
        started = time.process_time()
        reduce_html(text)
        spent.append(time.process_time() - started)
    return min(spent)
