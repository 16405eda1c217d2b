"""Short lines beside a headline and under a text: collected where a credit may stand, and only there."""

from __future__ import annotations

from lxml.html import fromstring

from transforms.credits.printed import printed_credits

HEADLINE = "Swing bridge shut"
PARAGRAPH = "The council voted on Tuesday to close the swing bridge for three weeks. " * 3


def lines(*, head: str = "", foot: str = "") -> list[tuple[str, str]]:
    """What is collected of a page with these elements around its text."""
    page = (
        f"<html><body><nav><span>By Reuters</span></nav><article><h1>{HEADLINE}</h1>{head}"
        f"<p>{PARAGRAPH}</p><p>By Jane Roe, dpa</p><p>{PARAGRAPH}</p>{foot}</article></body></html>"
    )
    return list(printed_credits(fromstring(page), HEADLINE))


def test_lines_between_headline_and_text_are_collected() -> None:
    """Marked or not by a class; not before the headline, and not inside the text."""
    head = '<div>AFP, PORT ALDER</div><p class="article-author__source">APA</p><h2>Weeks of detours</h2>'
    assert lines(head=head) == [("printed_line", "AFP, PORT ALDER"), ("printed_byline", "APA")]


def test_source_lines_under_the_text_are_collected() -> None:
    """A line that begins with "Source:" or its like, in a short element of its own."""
    foot = "<p>Quelle: bote.example, jd/dpa</p><p>Share this</p>"
    assert lines(foot=foot) == [("printed_source", "Quelle: bote.example, jd/dpa")]


def test_pictures_have_credits_of_their_own() -> None:
    """Nothing in a figure, or in an element whose class names a picture or a teaser."""
    head = (
        "<figure><span>AP</span></figure><span class='image-credit'>Reuters</span>"
        "<div class='article-preview__teaser teaser'><span>Jane Roe, dpa</span></div>"
    )
    foot = "<div class='gallery'><p>Quelle: dpa</p></div>"
    assert lines(head=head, foot=foot) == []


def test_a_page_with_another_heading_has_none() -> None:
    """Without the headline's own heading nothing says where the lines begin."""
    page = fromstring("<html><body><h1>The Courier</h1><p>By Reuters</p></body></html>")
    assert printed_credits(page, HEADLINE) == ()
    assert printed_credits(page, None) == ()


def test_long_pages_are_cut() -> None:
    """However many elements follow the headline, few are looked at."""
    assert len(lines(head="".join(f"<i>line {n}</i>" for n in range(5000)))) <= 250
