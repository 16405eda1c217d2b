"""Paid articles are told from free ones, and stubs of them from articles."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from transforms.agencies import AgencyRules, parse_agencies
from transforms.extract import extract_article
from transforms.page.access import OPEN, Access, is_paywalled, why_stub
from transforms.records import Article, Page, Reason, Rejection, State
from transforms.records import Location as Place

ROOT = Path(__file__).parents[2]
SENTENCE = "The council voted on Tuesday to approve the harbour plan after a debate of six hours."


def lines(count: int) -> list[str]:
    """Paragraphs of 19 words, each another."""
    return [f"On day {number} {SENTENCE}" for number in range(count)]


MARKED = {
    "isAccessibleForFree": False,
    "hasPart": {"isAccessibleForFree": "False", "cssSelector": ".paid"},
}


@pytest.fixture(scope="module")
def rules() -> AgencyRules:
    """The project's own agencies."""
    return parse_agencies((ROOT / "seeds/agencies.csv").read_text(encoding="utf-8"))


def read(
    rules: AgencyRules, *paragraphs: str, head: str = "", **stated: object
) -> Article | Rejection:
    """What becomes of a page with these paragraphs and this JSON-LD."""
    block = json.dumps({"@type": "NewsArticle", "headline": "Harbour plan approved", **stated})
    text = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
    payload = (
        f'<html><head><script type="application/ld+json">{block}</script>{head}</head>'
        f"<body><article><h1>Harbour plan approved</h1>{text}</article></body></html>"
    ).encode()
    url = "https://news.example/2026/harbour-plan"
    at = datetime(2026, 3, 1, tzinfo=UTC)
    return extract_article(Page(url, payload, "text/html", at, Place("", 0, 0)), rules)


@pytest.mark.parametrize(
    ("head", "stated"),
    [
        ("", {"isAccessibleForFree": False}),
        ("", {"isAccessibleForFree": "False"}),
        ("", {"isAccessibleForFree": "http://schema.org/False"}),
        ('<meta property="article:content_tier" content="locked">', {}),
        ('<meta property="article:content_tier" content="metered">', {}),
    ],
)
def test_a_paid_article_that_came_whole_is_an_article(
    head: str, stated: dict[str, object], rules: AgencyRules
) -> None:
    """It is kept, with what the page says of its price."""
    found = read(rules, *lines(20), head=head, **stated)
    assert isinstance(found, Article)
    assert found.is_paywalled


@pytest.mark.parametrize(
    ("head", "stated"),
    [
        ("", {}),
        ("", {"isAccessibleForFree": True}),
        ('<meta property="article:content_tier" content="free">', {}),
    ],
)
def test_what_says_nothing_of_a_price_is_free(
    head: str, stated: dict[str, object], rules: AgencyRules
) -> None:
    """Also a short article, and one with a word about subscriptions in its text."""
    for text in (lines(2), [SENTENCE, "Subscribers of the ferry line had asked for it."]):
        found = read(rules, *text, head=head, **stated)
        assert isinstance(found, Article)
        assert not found.is_paywalled


def refused(found: Article | Rejection) -> str:
    """The sentence of a paywall's rejection."""
    assert isinstance(found, Rejection)
    assert found.reason is Reason.PAYWALL
    assert found.reason.state is State.SKIPPED
    return found.detail


@pytest.mark.parametrize(
    "invitation",
    [
        "Subscribe now to continue reading.",
        "To continue reading this article, log in or create an account.",
        "This article is available only to our subscribers.",
        "Already a subscriber? Sign in",
        "You have reached your monthly limit of free articles.",
        "Jetzt weiterlesen mit Probeabo",
        "Bereits Abonnent? Hier anmelden.",
        "Cet article est réservé aux abonnés. Il vous reste 80 % de cet article à lire.",
        "Contenido exclusivo para suscriptores",
        "Contenuto riservato agli abbonati",
        "Conteúdo exclusivo para assinantes",
        "Alleen voor abonnees",
    ],
)
def test_a_beginning_that_ends_in_an_invitation_is_a_stub(
    invitation: str, rules: AgencyRules
) -> None:
    """In the languages of the press, declared or not; after a whole article it is only a mark."""
    assert "asks to subscribe" in refused(read(rules, *lines(4), invitation))
    long = read(rules, *lines(30), invitation)
    assert isinstance(long, Article)
    assert long.is_paywalled
    free = read(rules, *lines(4), invitation, isAccessibleForFree=True)
    assert isinstance(free, Article)
    assert not free.is_paywalled


def test_a_stub_is_told_by_the_words_that_are_missing(rules: AgencyRules) -> None:
    """Declared to have 900 words, and 60 came; nearly all came, and it is whole."""
    assert "of its 900 words" in refused(
        read(rules, *lines(4), isAccessibleForFree=False, wordCount=900)
    )
    whole = read(rules, *lines(4), isAccessibleForFree=False, wordCount="80")
    assert isinstance(whole, Article)


def test_a_stub_is_told_by_its_missing_part(rules: AgencyRules) -> None:
    """The part that is declared not to be free is nowhere on the page, or it is, and all came."""
    assert "paid part is missing" in refused(read(rules, SENTENCE, SENTENCE, **MARKED))
    brief = read(rules, SENTENCE, f'<span class="paid">{SENTENCE}</span>', **MARKED)
    assert isinstance(brief, Article)
    assert brief.is_paywalled


def test_a_stub_is_told_by_its_broken_end(rules: AgencyRules) -> None:
    """A paid text of a few lines that ends in dots."""
    cut = SENTENCE.removesuffix(".") + "…"
    assert "breaks off" in refused(read(rules, SENTENCE, cut, isAccessibleForFree=False))
    assert isinstance(read(rules, SENTENCE, SENTENCE, isAccessibleForFree=False), Article)
    assert isinstance(read(rules, SENTENCE, cut), Article)


def test_a_preview_as_long_as_a_lead_is_kept() -> None:
    """Where nothing but a missing part speaks against it."""
    access = Access(is_paid=True, paid_words=0)
    assert why_stub(access, [SENTENCE], 59) is not None
    assert why_stub(access, [SENTENCE], 60) is None
    assert is_paywalled(access, [SENTENCE])
    assert why_stub(OPEN, [SENTENCE], 5) is None


def test_a_plain_text_is_a_stub_only_where_it_is_shorter_than_a_lead(rules: AgencyRules) -> None:
    """It has no layout that hides its rest: an invitation is what the copier took along."""
    at = datetime(2026, 3, 1, tzinfo=UTC)

    def given(*paragraphs: str) -> Article | Rejection:
        text = "\n\n".join([*paragraphs, "Subscribe now to continue reading."]).encode()
        return extract_article(Page("file:a.txt", text, "text/plain", at, Place("", 0, 0)), rules)

    assert "asks to subscribe" in refused(given("Harbour plan approved", *lines(2)))
    kept = given("Harbour plan approved", *lines(4))
    assert isinstance(kept, Article)
    assert kept.is_paywalled
