"""Pages made to break an extractor, one by one: the article comes all the same, or a reason does.

What takes longer than a moment is tested with the workers that stop it (tests/flows).
"""

from __future__ import annotations

import gzip
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from transforms.agencies import AgencyRules, parse_agencies
from transforms.extract import extract_article
from transforms.records import Article, Location, Page, Rejection

ADDRESS = "http://post.example/2024/ferry"
FIRST = (
    "The ferry opened again on Tuesday after repairs that took the town eleven months and cost more "
    "than anybody on the council had expected, the harbour office said."
)
SECOND = (
    "Those who use it every day had asked for benches and for light, and the mayor promised both "
    "before the end of the winter, when the money is to be voted."
)
ARTICLE = f"<article><h1>The ferry opens</h1><p>{FIRST}</p><p>{SECOND}</p><p>Nobody was hurt in the work, which engineers called the hardest of their lives so far.</p></article>"


def page(article: str = ARTICLE, *, head: str = "", after: str = "") -> str:
    """A page with an article, and what is put into its head and behind it."""
    return (
        "<!doctype html><html lang=en><head><title>The ferry opens</title>"
        f"<meta property='og:type' content='article'>{head}</head><body>{article}{after}</body></html>"
    )


def structured(value: object) -> str:
    """A block of JSON-LD."""
    text = value if isinstance(value, str) else json.dumps(value)
    return f'<script type="application/ld+json">{text}</script>'


def news(**more: object) -> str:
    """A block that speaks of a news article."""
    return structured({"@type": "NewsArticle", **more})


@pytest.fixture(scope="module")
def rules() -> AgencyRules:
    """The project's own agencies."""
    root = Path(__file__).resolve().parents[2]
    return parse_agencies((root / "seeds" / "agencies.csv").read_text(encoding="utf-8"))


def extract(payload: str | bytes, rules: AgencyRules) -> Article | Rejection:
    """What comes of a payload that is sent as HTML."""
    content = payload if isinstance(payload, bytes) else payload.encode()
    at = datetime(2024, 5, 1, tzinfo=UTC)
    return extract_article(
        Page(ADDRESS, content, "text/html", at, Location("", 0, len(content))), rules
    )


STILL_READ: dict[str, str | bytes] = {
    "comments that begin again and again": page(after="<!--" * 100_000),
    "sections of XML without an end": page(after="<![CDATA[" * 50_000),
    "tables in tables": page(after="<table><tr><td>" * 10_000),
    "lists in lists": page(after="<ul><li>" * 20_000),
    "formatting that is never closed": page(after="<font><b><i>" * 20_000),
    "two hundred frames around the article": page("<div>" * 200 + ARTICLE + "</div>" * 200),
    "five thousand containers of one name": page(after="<div class='article-body'>x</div>" * 5_000),
    "five thousand headings": page(after="<h1>The ferry opens</h1>" * 5_000),
    "a class of two megabytes": page(after=f'<div class="{"story-body " * 200_000}">x</div>'),
    "an attribute of three megabytes": page(after=f'<div data-x="{"x" * 3_000_000}">x</div>'),
    "one attribute many times": page(after=f"<div {'class=x ' * 20_000}>x"),
    "a style sheet of two megabytes": page(head=f"<style>{'a{b:c}' * 300_000}</style>"),
    "a script of two megabytes": page(head=f"<script>{'var a=1;' * 250_000}</script>"),
    "a picture in the page": page(after=f"<img src=data:image/png;base64,{'A' * 2_000_000}>"),
    "a meta tag of a megabyte": page(head=f"<meta name=description content='{'x ' * 500_000}'>"),
    "a thousand blocks of JSON-LD": page(head=news(headline="Another") * 1_000),
    "JSON-LD a hundred thousand deep": page(head=structured('{"a":' * 100_000 + "1" + "}" * 100_000)),
    "JSON-LD of twenty thousand authors": page(
        head=news(author=[{"@type": "Person", "name": f"Jane Doe {n}"} for n in range(20_000)])
    ),
    "a number of a hundred thousand digits": page(
        head=structured('{"@type":"NewsArticle","wordCount":' + "9" * 100_000 + "}")
    ),
    "values that are no values": page(
        head=structured('{"@type":"NewsArticle","wordCount":NaN,"datePublished":1e999,"headline":["a",{"b":1}]}')
    ),
    "values of every wrong type": page(
        head=news(author=3, headline={"@value": "x"}, datePublished=["2021-01-01"], publisher=[],
                  isAccessibleForFree={}, articleBody=["x"], keywords={"a": "b"}, image=[[[]]],
                  inLanguage={"name": "English"}, articleSection=[["a"]])
    ),
    "an author who is the article": page(
        head=structured({"@graph": [{"@id": "#a", "@type": "NewsArticle", "author": {"@id": "#a"}}]})
    ),
    "blocks that hold nothing": page(
        head="".join(map(structured, ("", "null", "[]", '"x"', "3", "<!-- {} -->")))
    ),
    "an address that is a script": page(head="<link rel=canonical href='javascript:alert(1)'>"),
    "an address that is data": page(head="<link rel=canonical href='data:text/html,x'>"),
    "an address of a megabyte": page(head=f"<link rel=canonical href='/{'a' * 1_000_000}'>"),
    "a base that is none": page(head="<base href='http://[::bad/'><link rel=canonical href='//[bad'>"),
    "the article for those without scripts": page(f"<noscript>{ARTICLE}</noscript>"),
    "the article in a form": page(f"<form>{ARTICLE}</form>"),
    "a root that closes itself": f"<html/>{ARTICLE}",
    "entities of the page's own": '<!DOCTYPE html [<!ENTITY l0 "lol"><!ENTITY l1 "&l0;&l0;">]>' + page()[15:],
    "XHTML": '<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml"><head><title>The ferry '
    f"opens</title></head><body>{ARTICLE}</body></html>",
    "an encoding nobody may use": page(head="<meta charset=utf-7>"),
    "a mark of another encoding": b"\xff\xfe" + page().encode(),
    "a mark twice": b"\xef\xbb\xbf\xef\xbb\xbf" + page().encode(),
    "bytes of no encoding at its end": page().encode() + b"\xff\xfe\xfd" * 5_000,
    "UTF-16 with half a character": page().encode("utf-16-le")[:-1],
    "noncharacters": page(after="<p>\ufffe\uffff\U0001ffff</p>"),
}  # fmt: skip

TURNED_AWAY: dict[str, tuple[str | bytes, str]] = {
    "a comment around all of it": (f"<html><body><!-- {ARTICLE}", "no_text"),
    "frames": ("<html><frameset><frame src=x></frameset></html>", "no_text"),
    "a script without an end": (page(head="<script>var a="), "no_text"),
    "beginnings of tags": ("<p" * 50_000, "no_text"),
    "quotes": ('<div class="' * 50_000, "no_text"),
    "a feed": (f"<?xml version='1.0'?><rss><channel><item>{FIRST}</item></channel></rss>", "not_an_article"),
    "a sitemap": (f"<!-- made --><urlset><url><loc>{FIRST}</loc></url></urlset>", "not_an_article"),
    "a drawing": (f"<svg xmlns='x'><text>{FIRST} {SECOND}</text></svg>", "not_an_article"),
    "gzip in gzip": (gzip.compress(gzip.compress(page().encode())), "binary"),
    "a database": (b"SQLite format 3\x00" + bytes(range(256)) * 20, "binary"),
    "a program": (b"\x00asm\x01\x00\x00\x00" + bytes(range(256)) * 20, "binary"),
    "a film": (b"\x00\x00\x00\x20ftypisom" + bytes(range(256)) * 20, "binary"),
    "UTF-32": (page().encode("utf-32"), "binary"),
    "terminal codes": (page().replace(" ", " \x01\x1b[31m"), "binary"),
}  # fmt: skip


@pytest.mark.parametrize("name", STILL_READ)
def test_the_article_is_read_all_the_same(name: str, rules: AgencyRules) -> None:
    """Its headline and its paragraphs, at its own address."""
    found = extract(STILL_READ[name], rules)

    assert isinstance(found, Article)
    assert found.headline == "The ferry opens"
    assert {FIRST, SECOND} <= set(found.body.split("\n"))
    assert found.url == ADDRESS


@pytest.mark.parametrize("name", TURNED_AWAY)
def test_what_holds_no_article_has_a_reason(name: str, rules: AgencyRules) -> None:
    """And a sentence for a person."""
    payload, reason = TURNED_AWAY[name]

    found = extract(payload, rules)

    assert isinstance(found, Rejection)
    assert found.reason == reason
    assert found.detail.endswith(".")


def test_no_password_is_kept_of_a_link(rules: AgencyRules) -> None:
    """A canonical link may name a user; the article's address does not."""
    found = extract(page(head="<link rel=canonical href='http://u:p@post.example/a@b'>"), rules)

    assert isinstance(found, Article)
    assert found.url == "http://post.example/a@b"
    assert not any("u:p" in each.url for each in found.urls)


def test_plain_text_that_is_sent_as_html_is_read_as_text(rules: AgencyRules) -> None:
    """Its lines are paragraphs; as HTML they would be one."""
    found = extract(f"The ferry opens\n\n{FIRST}\n\n{SECOND}\n", rules)

    assert isinstance(found, Article)
    assert (found.headline, found.body) == ("The ferry opens", f"{FIRST}\n{SECOND}")
