"""What a feed said of an article: the second word, behind the page's own."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from transforms.agencies import AgencyRules, parse_agencies
from transforms.extract import extract_article
from transforms.feed_word import FeedWord, feed_word
from transforms.records import Article, Declared, Location, Page, SourceDefaults

TEXT = (
    "<p>The ferry opened again on Tuesday after repairs that took the town eleven months and cost "
    "more than anybody on the council had expected, the harbour office said.</p>"
)
ENTRY = {
    "headline": "From the feed",
    "published": "Tue, 30 Apr 2024 10:00:00 +0200",
    "updated": "2024-05-01T09:00:00Z",
    "publication": "Feed Times",
    "language": "pt",
    "authors": ["AFP"],
    "tags": ["Harbour"],
}


@pytest.fixture(scope="module")
def rules() -> AgencyRules:
    """The project's own agencies."""
    root = Path(__file__).resolve().parents[2]
    return parse_agencies((root / "seeds" / "agencies.csv").read_text(encoding="utf-8"))


def article(html: str, rules: AgencyRules) -> Article:
    """The article of a page that a feed led to."""
    declared = Declared(extra={"entry": ENTRY}, source=SourceDefaults("Listed", "de"))
    payload = html.encode()
    at = datetime(2024, 5, 1, 12, tzinfo=UTC)
    page = Page(
        "http://post.example/a",
        payload,
        "text/html",
        at,
        Location("", 0, len(payload)),
        declared=declared,
    )
    found = extract_article(page, rules)
    assert isinstance(found, Article)
    return found


def test_it_counts_where_the_page_says_nothing(rules: AgencyRules) -> None:
    """Headline, date, author with the agency it is, tags, language, publisher; before the list's word."""
    found = article(f"<html><body><article>{TEXT}</article></body></html>", rules)

    assert (found.headline, found.tags, found.language_declared) == (
        "From the feed",
        ("Harbour",),
        "pt",
    )
    assert found.publisher is not None
    assert found.publisher.name == "Feed Times"
    assert [author.name for author in found.authors] == ["AFP"]
    assert [(agency, level.value) for agency, level in found.agency_roles] == [("afp", "owner")]
    assert [(date.source, date.is_chosen) for date in found.dates] == [
        ("entry", True),
        ("entry_modified", False),
    ]
    assert found.published is not None
    assert found.published.at == datetime(2024, 4, 30, 8, tzinfo=UTC)


def test_the_page_comes_first(rules: AgencyRules) -> None:
    """Then the feed's word is a candidate among the dates, and no more."""
    found = article(
        '<html lang=en><head><title>Of the page</title><meta property="og:site_name" content="The Post">'
        '<meta name=author content="Ada Example"><meta name=keywords content="Ferry">'
        '<meta property="article:published_time" content="2024-04-29T08:00:00Z"></head>'
        f"<body><article><h1>Of the page</h1>{TEXT}</article></body></html>",
        rules,
    )

    assert (found.headline, found.tags, found.language_declared) == (
        "Of the page",
        ("Ferry",),
        "en",
    )
    assert found.publisher is not None
    assert found.publisher.name == "The Post"
    assert [author.name for author in found.authors] == ["Ada Example"]
    assert found.agency_roles == ()
    assert [(date.source, date.is_chosen) for date in found.dates] == [
        ("meta", True),
        ("entry", False),
        ("entry_modified", False),
    ]


@pytest.mark.parametrize(
    "said", [None, "text", 3, [], {"published": 3, "authors": "x", "tags": [1, None, " "]}]
)
def test_what_is_no_entry_says_nothing(said: object) -> None:
    """A record may have a key of that name with anything in it."""
    assert feed_word(Declared(extra={"entry": said})) == FeedWord()
