"""What an article's row says beside its text: section, image, links, languages, authors, addresses."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from transforms.agencies import AgencyRules, parse_agencies
from transforms.extract import extract_article
from transforms.page import main_text
from transforms.records import (
    Article,
    ArticleUrl,
    BodySource,
    DateFlag,
    Declared,
    Level,
    Location,
    Page,
    UrlKind,
)

ROOT = Path(__file__).parents[2]
CAPTURE = datetime(2024, 5, 1, 12, tzinfo=UTC)
ADDRESS = "https://www.demo-post.example/2024/harbour"
PARAGRAPHS = (
    "The town council voted on Tuesday to approve the new harbour plan after a debate of six hours.",
    "Fishermen had asked for a deeper basin, while residents of the old quay feared the noise of cranes.",
    "Work is to start in the autumn and to take three years, the mayor told reporters after the vote.",
    "The regional government pays half of the cost, which engineers put at forty million crowns.",
    "The opposition called the plan a gift to the shipping company that owns the northern warehouses.",
    "A referendum that was asked for by two thousand residents is to be held before the end of the year.",
)


@pytest.fixture(scope="module")
def rules() -> AgencyRules:
    """The project's own agencies."""
    return parse_agencies((ROOT / "seeds/agencies.csv").read_text(encoding="utf-8"))


def page(
    head: str = "", *, url: str = ADDRESS, text: tuple[str, ...] = PARAGRAPHS, **stated: object
) -> Page:
    """A capture of an article with this head and this JSON-LD."""
    block = json.dumps({"@type": "NewsArticle", "headline": "Harbour plan approved", **stated})
    body = "".join(f"<p>{paragraph}</p>" for paragraph in text)
    payload = (
        f'<html lang="en"><head><script type="application/ld+json">{block}</script>{head}</head>'
        f"<body><article><h1>Harbour plan approved</h1>{body}</article></body></html>"
    ).encode()
    return Page(url, payload, "text/html", CAPTURE, Location("", 0, 0))


def read(capture: Page, rules: AgencyRules, *, is_fallback: bool = False) -> Article:
    """The article a capture is."""
    found = extract_article(capture, rules, is_fallback=is_fallback)
    assert isinstance(found, Article), found
    return found


def test_section_image_and_links_are_kept(rules: AgencyRules) -> None:
    """From JSON-LD and meta tags; addresses absolute."""
    found = read(
        page(
            '<meta property="og:image" content="/img/1.jpg"><link rel="amphtml" href="/amp/harbour">'
            '<link rel="canonical" href="/2024/harbour-plan">',
            articleSection=["Local news", "Front page"],
        ),
        rules,
    )
    site = "https://www.demo-post.example"
    assert (found.section, found.image_url) == ("Local news", f"{site}/img/1.jpg")
    assert (found.canonical_url, found.amp_url) == (
        f"{site}/2024/harbour-plan",
        f"{site}/amp/harbour",
    )


@pytest.mark.parametrize(
    ("head", "stated", "section", "image"),
    [
        ('<meta property="article:section" content="Town">', {}, "Town", None),
        ("", {"image": {"@type": "ImageObject", "url": "https://i.example/2.png"}}, None, "https://i.example/2.png"),
        ("", {"image": ["https://i.example/3.png", "https://i.example/4.png"]}, None, "https://i.example/3.png"),
        ('<meta name="section" content="https://x.example/"><meta property="og:image" content="data:x">', {}, None, None),
    ],
)  # fmt: skip
def test_sections_and_images_in_other_places(
    head: str, stated: dict[str, object], section: str | None, image: str | None, rules: AgencyRules
) -> None:
    """An address is no section, inline data no address."""
    found = read(page(head, **stated), rules)
    assert (found.section, found.image_url) == (section, image)


def test_both_languages_are_kept(rules: AgencyRules) -> None:
    """A German text on an English template is German, and the row says both."""
    german = (
        "Der Stadtrat hat am Dienstag nach sechs Stunden Debatte den neuen Hafenplan beschlossen.",
        "Die Fischer hatten ein tieferes Becken verlangt, die Anwohner fürchteten den Lärm der Kräne.",
    )
    found = read(page(text=german), rules)
    assert (found.language_declared, found.language_detected, found.language) == ("en", "de", "de")
    given = replace(page(text=german), declared=Declared(language="nl"))
    found = read(given, rules)
    assert (found.language_declared, found.language_detected, found.language) == ("nl", "de", "nl")


def test_organisations_are_authors_and_roles_are_not(rules: AgencyRules) -> None:
    """People, desks and agencies stay in their order; what they do for a living goes."""
    found = read(
        page(
            author=[
                {"@type": "Person", "name": "Ada Example, Chief Correspondent"},
                {"@type": "Organization", "name": "Agence France-Presse"},
                {"@type": "Person", "name": "Photographs by Bo Sample"},
            ]
        ),
        rules,
    )
    names = [author.name for author in found.authors]
    assert names[:2] == ["Ada Example", "Agence France-Presse"]
    assert found.authors[0].raw == "Ada Example, Chief Correspondent"


def test_every_address_is_kept_for_what_it_is(rules: AgencyRules) -> None:
    """Fetched, final, canonical and AMP are the article's; another site's canonical is a trace."""
    own = page('<link rel="canonical" href="/2024/plan"><link rel="amphtml" href="/amp/plan">')
    moved = replace(own, url="https://sho.rt/1", final_url=ADDRESS)
    site = "https://www.demo-post.example"
    assert set(read(moved, rules).urls) == {
        ArticleUrl("https://sho.rt/1", UrlKind.FETCHED),
        ArticleUrl(ADDRESS, UrlKind.FINAL),
        ArticleUrl(f"{site}/2024/plan", UrlKind.CANONICAL),
        ArticleUrl(f"{site}/amp/plan", UrlKind.AMP),
    }
    syndicated = read(page('<link rel="canonical" href="https://herald.example/7">'), rules)
    assert syndicated.url == ADDRESS
    assert set(syndicated.urls) == {
        ArticleUrl(ADDRESS, UrlKind.FETCHED),
        ArticleUrl("https://herald.example/7", UrlKind.SYNDICATION),
    }
    home = read(page('<link rel="canonical" href="/">'), rules)
    assert home.urls == (ArticleUrl(ADDRESS, UrlKind.FETCHED),)


def test_a_canonical_link_to_an_agency_is_evidence_and_not_identity(rules: AgencyRules) -> None:
    """The text is the agency's, the article its publisher's."""
    found = read(page('<link rel="canonical" href="https://apnews.com/article/harbour-1">'), rules)
    assert found.url == ADDRESS
    assert ("canonical", Level.OWNER) in {(e.signal, e.level) for e in found.evidence}
    assert ("ap", Level.OWNER) in {(agency, level) for agency, level in found.agency_roles}


def test_all_dates_of_a_page_are_kept(rules: AgencyRules) -> None:
    """Those of JSON-LD, meta tags and changes; a clock without a zone is that of the source."""
    dated = page(
        '<meta property="article:modified_time" content="2024-05-01T09:00:00Z">',
        datePublished="2024-04-30T10:00:00",
    )
    found = read(replace(dated, timezone=ZoneInfo("Europe/Paris")), rules)
    assert found.published is not None
    assert found.published.at == datetime(2024, 4, 30, 8, tzinfo=UTC)
    assert [(d.source, d.flag, d.is_chosen) for d in found.dates] == [
        ("json_ld", DateFlag.SOURCE_ZONE, True),
        ("meta_modified", DateFlag.MODIFIED, False),
    ]


def test_a_relative_line_of_plain_text_dates_it(rules: AgencyRules) -> None:
    """By the time the file was written, to the day, and said to be inferred; a real date wins."""
    text = "Harbour plan approved\n\n{}\n\n" + "\n\n".join(PARAGRAPHS)
    for line, source in (("Yesterday", "date_line_inferred"), ("April 30, 2024", "date_line")):
        plain = Page(
            "file:///a.txt", text.format(line).encode(), "text/plain", CAPTURE, Location("", 0, 0)
        )
        found = read(plain, rules)
        assert found.published is not None
        assert (found.published.source, found.published.raw) == (source, line)
        assert found.published.at == datetime(2024, 4, 30, tzinfo=UTC)
        assert line not in found.body


def test_a_relative_line_of_a_record_counts_where_it_says_when_it_was_taken(
    rules: AgencyRules,
) -> None:
    """A file of many records was written at one time; they were taken at others."""
    text = "Harbour plan approved\n\n3 hours ago\n\n" + "\n\n".join(PARAGRAPHS)
    plain = Page("a", text.encode(), "text/plain", CAPTURE, Location("a.jsonl", 0, 0))
    assert read(plain, rules).published is not None
    found = read(replace(plain, is_dated=False), rules)
    assert (found.published, found.dates) == (None, ())
    assert "3 hours ago" not in found.body


def test_a_second_run_follows_only_a_suspiciously_short_one(
    rules: AgencyRules, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One fast run for an article; one full run more, never a third, where little was found."""
    runs: list[bool] = []
    original = main_text.bare_extraction

    def counted(*arguments: object, **options: object) -> object:
        runs.append(bool(options["fast"]))
        return original(*arguments, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(main_text, "bare_extraction", counted)
    assert read(page(), rules).body_source is BodySource.FAST
    assert runs == [True]
    runs.clear()
    read(page(text=PARAGRAPHS[:2]), rules)
    assert runs == [True, False]
    runs.clear()
    declared = " ".join(PARAGRAPHS * 9)
    assert read(page(articleBody=declared), rules).body_source is BodySource.JSON_LD
    assert runs == [True, False]


def test_precision_is_a_setting_of_the_source(rules: AgencyRules) -> None:
    """The extractor is told, and the row says so."""
    found = read(replace(page(), favor_precision=True), rules)
    assert found.body_source is BodySource.PRECISION
    assert found.body == "\n".join(PARAGRAPHS)


def test_the_crude_way_gives_the_same_article(rules: AgencyRules) -> None:
    """Text, headline, dates and authors of an ordinary page; only the source of the body differs."""
    capture = page(
        '<meta property="og:image" content="/1.jpg"><link rel="canonical" href="/2024/plan">',
        datePublished="2024-04-30T10:00:00Z",
        author={"@type": "Person", "name": "Ada Example"},
    )
    usual, crude = read(capture, rules), read(capture, rules, is_fallback=True)
    assert crude == replace(usual, body_source=BodySource.FALLBACK)
