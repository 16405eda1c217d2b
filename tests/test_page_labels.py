"""Headlines and attribution on real pages, against the labels in `benchmarks/labels`."""

from __future__ import annotations

import gzip
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from benchmarks.page_labels import (
    headline_sha256,
    precision_recall,
    read_attribution,
    read_headlines,
    roles_of,
)
from transforms.agencies import parse_agencies
from transforms.extract import extract_article
from transforms.records import Article, Location, Page

ROOT = Path(__file__).resolve().parents[1]
PAGES = ROOT / ".." / "shared" / "eval" / "extraction"


@pytest.fixture(scope="module")
def articles() -> dict[str, Article]:
    """The labelled pages, extracted."""
    if not PAGES.is_dir():
        pytest.skip("the labelled pages (shared/eval/extraction) are not here")
    rules = parse_agencies((ROOT / "seeds" / "agencies.csv").read_text(encoding="utf-8"))
    truth = json.loads((PAGES / "ground-truth.json").read_text(encoding="utf-8"))
    found = {}
    for page_id in truth:
        payload = gzip.decompress((PAGES / "html" / f"{page_id}.html.gz").read_bytes())
        page = Page(
            url=truth[page_id]["url"],
            payload=payload,
            content_type="text/html",
            fetched_at=datetime(2020, 1, 1, tzinfo=UTC),
            location=Location("", 0, len(payload)),
        )
        article = extract_article(page, rules)
        if isinstance(article, Article):
            found[page_id] = article
    return found


@pytest.mark.eval
def test_no_page_is_lost(articles: dict[str, Article]) -> None:
    """Every labelled page becomes an article."""
    assert articles.keys() == read_headlines().keys()


@pytest.mark.eval
def test_headlines_are_exact(articles: dict[str, Article]) -> None:
    """On at least 85 of 100 pages the headline is the printed one, letter by letter."""
    labels = read_headlines()
    assert len(labels) >= 100
    exact = sum(headline_sha256(articles[page].headline) == labels[page] for page in labels)
    assert exact / len(labels) >= 0.85


@pytest.mark.eval
def test_attribution_meets_its_goals(articles: dict[str, Article]) -> None:
    """Of the roles found at least .98 are right, of the labelled at least .95 are found."""
    found = {page: roles_of(article) for page, article in articles.items()}
    precision, recall = precision_recall(found, read_attribution())
    assert precision >= 0.98
    assert recall >= 0.95


def test_labels_hold_no_text_and_name_known_agencies() -> None:
    """Digests and ids only; both files label the same pages, some of them with no agency."""
    headlines, attribution = read_headlines(), read_attribution()
    assert headlines.keys() == attribution.keys()
    assert all(len(digest) == 64 and int(digest, 16) for digest in headlines.values())
    table = (ROOT / "seeds" / "agencies.csv").read_text(encoding="utf-8")
    known = {agency.agency_id for agency in parse_agencies(table).agencies}
    assert {agency_id for roles in attribution.values() for agency_id, _ in roles} <= known
    assert sum(not roles for roles in attribution.values()) > 100


def test_a_headline_is_compared_as_read() -> None:
    """Quotation marks and white space do not count, letters and dashes do."""
    assert headline_sha256("‘Not  now’,\u00a0she said") == headline_sha256("'Not now', she said")
    assert headline_sha256("Cafe\u0301 shut") == headline_sha256("Café shut")
    assert headline_sha256("Cafe shut") != headline_sha256("Café shut")
    assert headline_sha256("Bridge - shut") != headline_sha256("Bridge – shut")


def test_a_role_counts_with_its_level() -> None:
    """The right agency in the wrong role is neither right nor found."""
    labels = {"a": {("ap", "owner")}, "b": set(), "c": {("afp", "shared")}}
    found = {"a": {("ap", "owner")}, "b": {("ap", "owner")}, "c": {("afp", "owner")}}
    assert precision_recall(found, labels) == (1 / 3, 1 / 2)
    assert precision_recall({}, labels) == (1.0, 0.0)
