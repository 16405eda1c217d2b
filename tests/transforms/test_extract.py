"""From page to article: the text without loss, what wins over what, and why a page is turned away."""

import gzip
import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml.html import document_fromstring

from transforms.agencies import AgencyRules, parse_agencies
from transforms.extract import MIN_WORDS, count_words, extract_article
from transforms.page.body import body_lines, looks_like_a_dump, trim_body
from transforms.page.layout import link_texts, prepare_layout
from transforms.records import (
    Article,
    Declared,
    Level,
    Location,
    Page,
    Precision,
    Publisher,
    Reason,
    Rejection,
    State,
)
from transforms.urls import article_id, url_key

ROOT = Path(__file__).parents[2]
EVAL = ROOT / "../shared/eval/extraction"
CAPTURE = datetime(2024, 5, 1, 12, tzinfo=UTC)
ADDRESS = "https://www.demo-post.example/2024/harbour"
PARAGRAPHS = (
    "The town council voted on Tuesday to approve the new harbour plan after a debate of six hours.",
    "Fishermen had asked for a deeper basin, while residents of the old quay feared the noise of cranes.",
    "Work is to start in the autumn and to take three years, the mayor told reporters after the vote.",
    "The regional government pays half of the cost, which engineers put at forty million crowns.",
)
STRUCTURED = {
    "@type": "NewsArticle",
    "headline": "Harbour plan approved",
    "datePublished": "2024-04-30T10:00:00+02:00",
    "author": {"@type": "Person", "name": "Ada Example"},
    "publisher": {"name": "Demo Post"},
}


@pytest.fixture(scope="module")
def rules() -> AgencyRules:
    """The project's own agencies."""
    return parse_agencies((ROOT / "seeds/agencies.csv").read_text(encoding="utf-8"))


def html(head: str = "", body: str | None = None) -> str:
    """A page whose article has four paragraphs."""
    text = "".join(f"<p>{p}</p>" for p in PARAGRAPHS)
    body = f"<article><h1>Harbour plan approved</h1>{text}</article>" if body is None else body
    return f'<!doctype html><html lang="en"><head><title>Harbour plan approved | Demo Post</title>{head}</head><body>{body}</body></html>'


def page(payload: str | bytes, content_type: str = "text/html", url: str = ADDRESS) -> Page:
    """A capture of a payload."""
    data = payload.encode("utf-8", "surrogatepass") if isinstance(payload, str) else payload
    return Page(url, data, content_type, CAPTURE, Location("pages.warc.gz", 0, len(data)))


def article(found: Article | Rejection) -> Article:
    """The result, which must be an article."""
    assert isinstance(found, Article), found
    return found


def rejection(found: Article | Rejection) -> Rejection:
    """The result, which must be a rejection with one sentence for a person."""
    assert isinstance(found, Rejection), found
    assert found.detail[0].isupper()
    assert found.detail.endswith(".")
    assert "\n" not in found.detail
    return found


def test_a_page_becomes_an_article(rules: AgencyRules):
    """Text, metadata and identity of a plain news page."""
    found = article(
        extract_article(
            page(html(f'<script type="application/ld+json">{json.dumps(STRUCTURED)}</script>')),
            rules,
        )
    )
    assert found.headline == "Harbour plan approved"
    assert found.body == "\n".join(PARAGRAPHS)
    assert found.word_count == sum(len(p.replace(",", "").split()) for p in PARAGRAPHS)
    assert [a.name for a in found.authors] == ["Ada Example"]
    assert found.publisher == Publisher("Demo Post", "demo-post.example")
    assert found.language == "en"
    assert found.published is not None
    assert found.published.at == datetime(2024, 4, 30, 8, tzinfo=UTC)
    assert (found.published.source, found.published.offset_minutes) == ("json_ld", 120)
    assert found.url == ADDRESS
    assert found.article_id == article_id(url_key(ADDRESS))
    assert found.agency_roles == ()


def test_the_same_page_gives_the_same_article_each_time(rules: AgencyRules):
    """The extractor's deduplication empties a page it has seen before; it must never be on."""
    pages = [page(html())] * 6
    assert len({extract_article(p, rules) for p in pages}) == 1


def test_declared_values_win_over_the_page(rules: AgencyRules):
    """What the record or feed entry says is taken; what it leaves out comes from the page."""
    declared = Declared(
        headline="Declared headline",
        published="2024-04-29",
        publisher="Declared Press",
        language="DE-de",
        authors=("By Bo Sample",),
    )
    base = page(html(f'<script type="application/ld+json">{json.dumps(STRUCTURED)}</script>'))
    found = article(extract_article(replace(base, declared=declared), rules))
    assert found.headline == "Declared headline"
    assert found.published is not None
    assert (found.published.source, found.published.precision) == ("declared", Precision.DAY)
    assert found.publisher == Publisher("Declared Press", "demo-post.example")
    assert found.language == "de"
    assert [a.name for a in found.authors] == ["Bo Sample"]
    partly = article(extract_article(replace(base, declared=Declared(language="no such")), rules))
    assert (partly.language, partly.headline) == ("en", "Harbour plan approved")


def test_an_agency_author_is_kept_and_attributed(rules: AgencyRules):
    """The extractor drops organisations from authors; here they are authors and evidence."""
    wire = STRUCTURED | {"author": {"@type": "Organization", "name": "Associated Press"}}
    found = article(
        extract_article(
            page(html(f'<script type="application/ld+json">{json.dumps(wire)}</script>')), rules
        )
    )
    assert [a.name for a in found.authors] == ["Associated Press"]
    assert Level.OWNER in dict(found.agency_roles).values()
    assert any(e.signal == "json_ld_author" for e in found.evidence)


def test_plain_text_is_read_without_markup(rules: AgencyRules):
    """The first line is the headline, a date line the publication day; a file has no host."""
    text = "Harbour plan approved\n\nApril 30, 2024\n\n" + "\n\n".join(PARAGRAPHS)
    found = article(extract_article(page(text, "text/plain", "file:///texts/harbour.txt"), rules))
    assert found.headline == "Harbour plan approved"
    assert found.body == "\n".join(PARAGRAPHS)
    assert found.published is not None
    assert (found.published.source, found.published.raw) == ("date_line", "April 30, 2024")
    assert found.url == found.url_key == "file:///texts/harbour.txt"
    assert found.publisher is None


def test_a_record_is_known_by_its_id_and_declared_publisher(rules: AgencyRules):
    """A JSONL record without an address keeps its id; the publisher has no host then."""
    record = replace(
        page("\n".join(PARAGRAPHS), "text/plain; charset=utf-8", "tag-17"),
        declared=Declared(publisher="Demo Post", headline="Harbour"),
    )
    found = article(extract_article(record, rules))
    assert (found.url, found.url_key) == ("tag-17", "tag-17")
    assert found.publisher == Publisher("Demo Post", None)


@pytest.mark.parametrize(
    ("url", "canonical", "expected"),
    [
        (
            ADDRESS,
            "/2024/harbour-plan?id=7",
            "https://www.demo-post.example/2024/harbour-plan?id=7",
        ),
        ("https://amp.demo-post.example/x", ADDRESS, ADDRESS),
        (ADDRESS, "https://wire.example/harbour", ADDRESS),
        (ADDRESS, "https://www.demo-post.example/", ADDRESS),
        (ADDRESS, "https://www.demo-post.example/#top", ADDRESS),
        (
            "file:///pages/harbour.html",
            "https://wire.example/harbour",
            "https://wire.example/harbour",
        ),
        ("file:///pages/harbour.html", "relative.html", "file:///pages/harbour.html"),
        ("tag-17", "https://wire.example/harbour", "tag-17"),
    ],
)
def test_the_canonical_link_names_the_article_on_its_own_site(
    url: str, canonical: str, expected: str, rules: AgencyRules
):
    """Inside one site it is the address, to another site evidence only, to the home page a mistake."""
    found = article(
        extract_article(page(html(f'<link rel="canonical" href="{canonical}">'), url=url), rules)
    )
    assert found.url == expected
    assert found.url_key == url_key(expected)


def test_a_redirect_leads_to_the_site_that_answers(rules: AgencyRules):
    """After a redirect the final site may name the article's address, and links start from there."""
    short = replace(
        page(html('<link rel="canonical" href="/a">'), url="https://sho.rt/1"),
        final_url="https://demo.example/b",
    )
    assert article(extract_article(short, rules)).url == "https://demo.example/a"


@pytest.mark.parametrize(
    ("payload", "content_type", "reason"),
    [
        (b"", "text/html", Reason.EMPTY),
        (b" \n\t", "text/plain", Reason.EMPTY),
        (b"%PDF-1.7 ...", "text/html", Reason.BINARY),
        (b"\xff\xd8\xff\xe0 JFIF", "text/plain", Reason.BINARY),
        (b"abc\x00def\x00" * 100, "text/plain", Reason.BINARY),
        (b"<rss/>", "application/rss+xml", Reason.UNSUPPORTED_TYPE),
        (b"{}", "application/json", Reason.UNSUPPORTED_TYPE),
        (b"<html>" + b"a" * 5_000_000, "text/html", Reason.TOO_LARGE),
        (gzip.compress(bytes(6_000_000), mtime=0), "text/html", Reason.TOO_LARGE),
        (gzip.compress(b"text " * 100, mtime=0)[:-5], "text/html", Reason.TRUNCATED),
        (b"<html><body></body></html>", "text/html", Reason.NO_TEXT),
        (b"<" * 100_000, "text/html", Reason.NO_TEXT),
        (b"<div>" * 50_000 + b"deep" + b"</div>" * 50_000, "text/html", Reason.NO_TEXT),
        (b"<html><body><p>Too short to tell.</p></body></html>", "text/html", Reason.TOO_SHORT),
        (b"A headline\n\nThree words follow.", "text/plain", Reason.TOO_SHORT),
    ],
)
def test_pages_without_an_article_are_rejected_with_a_reason(
    payload: bytes, content_type: str, reason: Reason, rules: AgencyRules
):
    """Each bad input ends in its own reason, and nothing is raised."""
    assert rejection(extract_article(page(payload, content_type), rules)).reason is reason


def test_an_error_status_is_not_extracted(rules: AgencyRules):
    """The text of an error page is no article, however long."""
    assert (
        rejection(extract_article(replace(page(html()), status_code=404), rules)).reason
        is Reason.HTTP_STATUS
    )
    article(extract_article(replace(page(html()), status_code=200), rules))


NOT_HERE = "<html><head><title>404 – Page not found</title></head><body><h1>Page not found</h1><p>The page you asked for may have been moved. Try the search, or start again from our front page.</p></body></html>"
CONSENT = "<html><head><title>Demo Post</title></head><body><p>We and our partners use cookies. You can give consent to all cookies or set your privacy preferences. Without consent only cookies that the site needs are stored by us and our partners.</p></body></html>"
CHALLENGE = "<html><head><title>Just a moment...</title></head><body><h1>Checking</h1><p>We need to make sure that the connection to this site is safe before we let you go on to the page you asked for.</p></body></html>"


@pytest.mark.parametrize(
    ("payload", "url", "reason"),
    [
        (NOT_HERE, ADDRESS, Reason.NOT_FOUND),
        (CONSENT, ADDRESS, Reason.CONSENT_WALL),
        (CHALLENGE, ADDRESS, Reason.CHALLENGE),
        (html(), "https://www.demo-post.example/", Reason.NOT_AN_ARTICLE),
        (html(), "https://www.demo-post.example/index.html", Reason.NOT_AN_ARTICLE),
        (
            html(
                "".join(
                    f'<script type="application/ld+json">{json.dumps(STRUCTURED | {"headline": f"No. {n}"})}</script>'
                    for n in range(5)
                )
            ),
            "https://www.demo-post.example/town",
            Reason.NOT_AN_ARTICLE,
        ),
    ],
)
def test_pages_that_are_no_article_are_told(
    payload: str, url: str, reason: Reason, rules: AgencyRules
):
    """Soft 404s, consent and other walls, home and section pages end in their reason, none is loaded."""
    found = rejection(extract_article(page(payload, url=url), rules))
    assert found.reason is reason
    assert found.reason.state in {State.SKIPPED, State.QUARANTINED}


def test_a_section_page_is_told_by_its_teasers(rules: AgencyRules):
    """Many linked headings with a line each are a section page; under an article they are not."""
    teasers = "".join(
        f'<div><h3><a href="/{n}">Teaser number {n}</a></h3><p>{PARAGRAPHS[n % 4]}</p></div>'
        for n in range(12)
    )
    section = page(html(body=f"<h1>Town</h1>{teasers}"), url="https://www.demo-post.example/town/")
    assert rejection(extract_article(section, rules)).reason is Reason.NOT_AN_ARTICLE
    text = "".join(f"<p>{p} {p}</p>" for p in PARAGRAPHS * 3)
    below = page(
        html(
            '<meta property="og:type" content="article">',
            f"<article><h1>Harbour plan approved</h1>{text}</article>{teasers}",
        )
    )
    article(extract_article(below, rules))


@pytest.mark.parametrize(
    "headline",
    [
        "Why error 404 became a joke",
        "Page not found: how libraries lose books",
        "Before you continue: five cookies to bake",
        "Access denied: reporters at the gate",
    ],
)
def test_articles_about_errors_and_cookies_are_articles(headline: str, rules: AgencyRules):
    """A page that calls itself an article is believed, whatever its headline says."""
    payload = html(
        '<meta property="og:type" content="article">',
        f"<article><h1>{headline}</h1>{''.join(f'<p>{p}</p>' for p in PARAGRAPHS * 5)}</article>",
    )
    article(extract_article(page(payload), rules))


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le"])
def test_encodings_do_not_change_the_article(codec: str, rules: AgencyRules):
    """The same page in UTF-8 and UTF-16, with and without a mark, is the same article."""
    assert article(extract_article(page(html().encode(codec)), rules)).body == "\n".join(PARAGRAPHS)


def test_the_http_charset_is_used(rules: AgencyRules):
    """windows-1251 by header: the text comes out readable although the page says nothing."""
    russian = "Городской совет во вторник одобрил новый план порта после шести часов споров."
    payload = html(
        body=f"<article><h1>План порта одобрен</h1><p>{russian}</p><p>{russian[::-1]}</p></article>"
    )
    found = article(
        extract_article(page(payload.encode("cp1251"), "text/html; charset=windows-1251"), rules)
    )
    assert found.headline == "План порта одобрен"
    assert russian in found.body


@pytest.mark.parametrize(
    "damage", ["\x00", "\ud800", "&#xD800;", "&#0;", "&#1;", "&#xFFFE;", "\x0b", "\ufffe"]
)
def test_nothing_a_store_refuses_reaches_an_article(damage: str, rules: AgencyRules):
    """NUL and lone surrogates, raw or as entities, in text, headline and JSON-LD."""
    head = f'<script type="application/ld+json">{json.dumps(STRUCTURED | {"author": "Ada " + damage + "Example"})}</script>'
    payload = (
        html(head).replace("harbour", f"har{damage}bour").replace("Harbour", f"Har{damage}bour")
    )
    found = article(extract_article(page(payload), rules))
    for text in (found.headline, found.body, *(a.name + a.raw for a in found.authors), *found.tags):
        assert "\x00" not in text
        text.encode()


@pytest.mark.parametrize(
    "hostile",
    [
        f"<div {' '.join(f'a{n}=x' for n in range(2_000))}>",
        f"<div class='{'x' * 200_000}'>",
        "<script type='application/ld+json'>" + "[" * 100_000 + "</script>",
        "<script type='application/ld+json'>" + '{"@graph":[' * 20_000 + "</script>",
        "<meta name='author' content='" + "A, " * 50_000 + "'>",
        "<link rel='canonical' href='http://[::1'>",
        "<base href='http://['>",
        "<time datetime='" + "9" * 10_000 + "'>",
        "<html/>",
        "<!doctype html [ <!ENTITY x 'y'> ]>",
    ],
)
def test_hostile_markup_does_not_cost_the_article(hostile: str, rules: AgencyRules):
    """Floods and broken values are passed over; the text is still read."""
    payload = f"{hostile}{html()}"
    assert PARAGRAPHS[0] in article(extract_article(page(payload), rules)).body


@settings(max_examples=60, deadline=None)
@given(
    payload=st.binary(max_size=300),
    content_type=st.sampled_from(["text/html", "text/plain", "text/html; charset=utf-16", ""]),
)
def test_any_bytes_end_in_an_article_or_a_rejection(
    payload: bytes, content_type: str, rules: AgencyRules
):
    """No payload raises."""
    assert isinstance(extract_article(page(payload, content_type), rules), Article | Rejection)


def test_the_declared_body_is_the_last_resort(rules: AgencyRules):
    """A page that only a script fills still has its text in JSON-LD."""
    stated = STRUCTURED | {"articleBody": "\n\n".join(PARAGRAPHS * 3)}
    payload = html(
        f'<script type="application/ld+json">{json.dumps(stated)}</script>',
        '<div id="app"><p>Loading the article, please wait a moment.</p></div>',
    )
    assert PARAGRAPHS[3] in article(extract_article(page(payload), rules)).body


def test_prose_spans_lie_within_lines(rules: AgencyRules):
    """Spans are ascending, disjoint, and cross no line end."""
    found = article(extract_article(page(html()), rules))
    assert [found.body[start:end] for start, end in found.prose] == list(PARAGRAPHS)


def test_link_lines_and_the_headline_are_no_body():
    """A line that is nothing but a link, labelled or bulleted, is dropped; a link in a sentence stays."""
    links = frozenset({"Harbour master resigns over cranes"})
    lines = [
        "Town",
        "Harbour plan approved",
        "By the sea",
        "First.",
        "READ MORE: Harbour master resigns over cranes",
        "- Harbour master resigns over cranes",
        "He said: Harbour master resigns over cranes, they shouted.",
        "Last.",
    ]
    kept = trim_body(
        lines, headline="Harbour plan approved", headings=["By the sea", "Last."], links=links
    )
    assert kept == ["First.", "He said: Harbour master resigns over cranes, they shouted.", "Last."]


def test_standfirsts_and_linked_headings_stay():
    """A sentence under the headline is text, and so is a heading that is a link but heads a paragraph."""
    lines = ["Kicker", "The council has voted for cranes.", "Harbour master resigns", "Long. " * 20]
    links = frozenset({"Harbour master resigns"})
    headings = lines[:3]
    assert trim_body(lines, headline=None, headings=headings, links=links) == lines[1:]
    assert trim_body(lines[:3], headline=None, headings=headings, links=links) == lines[1:2]


def test_a_long_first_paragraph_is_not_taken_for_a_kicker():
    """Only short lines above a repeated headline go with it."""
    lines = ["Long " * 40, "Harbour plan approved", "First."]
    assert (
        trim_body(lines, headline="Harbour plan approved", headings=[], links=frozenset()) == lines
    )


def test_split_bodies_are_joined():
    """Parts of a body between advertising are one body; another article's body is not."""
    parts = "".join(
        f'<div class="grid"><div class="article-body"><p>{p}</p></div></div>' for p in PARAGRAPHS
    )
    other = (
        '<div class="grid"><div class="article-body"><h1>Another</h1><p>Other text.</p></div></div>'
    )
    tree = document_fromstring(f"<main>{parts}{other}</main>")
    prepare_layout(tree)
    bodies = tree.xpath("//div[@class='article-body']")
    assert [b.text_content() for b in bodies] == [
        "".join(PARAGRAPHS),
        "",
        "",
        "",
        "AnotherOther text.",
    ]


def test_articles_one_after_another_stay_apart():
    """Endless scrolling puts several articles on a page, each with its heading."""
    several = "".join(
        f'<article><h1>No. {n}</h1><div class="article-body"><p>{p}</p></div></article>'
        for n, p in enumerate(PARAGRAPHS)
    )
    tree = document_fromstring(f"<main>{several}</main>")
    prepare_layout(tree)
    assert [b.text_content() for b in tree.xpath("//div[@class='article-body']")] == list(
        PARAGRAPHS
    )


def test_embedded_posts_keep_their_text(rules: AgencyRules):
    """A quoted post is part of what readers see, although its frame is called an embed."""
    post = '<div class="social-embed"><blockquote><p>We never wanted these cranes, and we said so for years.</p></blockquote></div>'
    text = "".join(f"<p>{p}</p>" for p in PARAGRAPHS)
    payload = html(
        body=f'<article><h1>Harbour plan approved</h1><div class="article-body">{text}{post}{text[:0]}</div></article>'
    )
    assert "We never wanted these cranes" in article(extract_article(page(payload), rules)).body


def test_links_are_compared_by_their_words():
    """Links of one or two words are names, not teasers."""
    tree = document_fromstring("<p><a>Ada Example</a> <a>Harbour  master\nresigns</a></p>")
    assert link_texts(tree) == frozenset({"Harbour master resigns"})


def test_a_dump_of_a_page_is_told_from_an_article():
    """Hundreds of menu lines are no article; hundreds of paragraphs are."""
    assert looks_like_a_dump(["Menu"] * 150 + [*PARAGRAPHS])
    assert not looks_like_a_dump(list(PARAGRAPHS) * 50)
    assert not looks_like_a_dump(["Menu"] * 20)


def test_body_lines_are_tidy_paragraphs():
    """One paragraph a line; composed and decomposed characters stay as they are."""
    assert body_lines(" a\u00a0 b \n\n\n e\u0301\x00\t c\n") == ["a b", "e\u0301 c"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", 0),
        ("- – …", 0),
        ("It's a well-known 3.5 percent.", 5),
        ("港の計画", 4),
        ("東京 2020 games", 4),
        ("ไทย", 3),
        ("Привет, мир", 2),
    ],
)
def test_words_are_counted_in_every_script(text: str, words: int):
    """Where no spaces stand between words, each character counts."""
    assert count_words(text) == words


def test_the_shortest_article_has_the_minimum(rules: AgencyRules):
    """One word less is too short."""
    text = "Harbour\n\n" + "word " * MIN_WORDS
    assert article(extract_article(page(text, "text/plain"), rules)).word_count == MIN_WORDS
    assert (
        rejection(extract_article(page(text.removesuffix("word "), "text/plain"), rules)).reason
        is Reason.TOO_SHORT
    )


def shingles(text: str) -> Counter[tuple[str, ...]]:
    """The 4-grams of a text's words, with their counts."""
    words = "".join(c if c.isalnum() or c == "_" else " " for c in text).split()
    return Counter(tuple(words[n : n + 4]) for n in range(max(1, len(words) - 3)))


def labelled() -> Iterator[tuple[Page, str]]:
    """The labelled news pages, with their gold text."""
    for name, gold in sorted(json.loads((EVAL / "ground-truth.json").read_text()).items()):
        payload = gzip.decompress((EVAL / "html" / f"{name}.html.gz").read_bytes())
        yield page(payload, url=gold["url"]), gold["articleBody"]


@pytest.mark.eval
@pytest.mark.skipif(not EVAL.exists(), reason="the labelled news pages lie beside the repository")
def test_real_pages_are_extracted_without_a_loss(rules: AgencyRules):
    """All labelled pages become articles, and mean precision and recall of 4-grams stay high."""
    precisions, recalls = [], []
    for capture, gold in labelled():
        found = article(extract_article(capture, rules))
        ours, theirs = shingles(found.body), shingles(gold)
        common = (ours & theirs).total()
        precisions.append(common / ours.total())
        recalls.append(common / theirs.total())
    precision, recall = sum(precisions) / len(precisions), sum(recalls) / len(recalls)
    assert len(precisions) == 181
    assert 2 * precision * recall / (precision + recall) >= 0.97
    assert min(recalls) > 0.5
