"""The demonstration articles are what docs/demo.md says they are.

These tests read the files as a person would, without any code of the pipeline, so that a test of
the pipeline on them rests on facts established here.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import combinations
from pathlib import Path

import lxml.html
import pytest

DEMO = Path(__file__).parents[1] / "seeds" / "demo"
EXPECTED = (DEMO.parents[1] / "docs" / "demo.md").read_text(encoding="utf-8")

AGENCY_PAGE = "meridianpress_port-alder-bridge.html"
STATION_PAGE = "kelmfm_counting-the-cost.html"
SECTION_PAGE = "alderpost_local-front.html"
SAME_EVENT = ("saltroadtribune_glassworkers-return.html", "northquaydaily_veyland-deal.txt")
COPIES = (
    AGENCY_PAGE,
    "harrowvalenews_bridge-crack.html",
    "alderpost_swing-bridge-shut.html",
    "lowmarshherald_bridge-crack.txt",
    "castlereachcourier_bridge-crack.html",
)
HTML_ARTICLES = sorted(path.name for path in DEMO.glob("*.html") if path.name != SECTION_PAGE)

_FUNCTION_TEXT = """
a about after all an and are as at be been but by for from had has have he her his i in into is it
its more not of on one or said she that the their them they this to up was we were when which who
will with would you
"""
FUNCTION_WORDS = frozenset(_FUNCTION_TEXT.split())


def table_rows(heading: str) -> list[list[str]]:
    """The cells of the table whose header begins with the column `heading`."""
    lines = iter(EXPECTED.splitlines())
    next(line for line in lines if line.startswith(f"| {heading} |"))
    next(lines)
    rows = []
    for line in lines:
        if not line.startswith("|"):
            break
        rows.append([cell.strip() for cell in line.strip("|").split("|")])
    return rows


FILES = {row[0].strip("`"): row for row in table_rows("file")}


def linked_data(name: str) -> list[dict[str, object]]:
    """Every JSON-LD object of a page, those of lists and graphs one by one."""
    found: list[dict[str, object]] = []
    page = lxml.html.parse(DEMO / name).getroot()
    for block in page.xpath('//script[@type="application/ld+json"]'):
        parsed = json.loads(block.text)
        for one in parsed if isinstance(parsed, list) else [parsed]:
            found.extend(one.get("@graph", [one]))
    return found


def news_article(name: str) -> dict[str, object]:
    """The one JSON-LD NewsArticle of a page."""
    (article,) = (node for node in linked_data(name) if "NewsArticle" in str(node["@type"]))
    return article


def paragraphs(name: str) -> list[str]:
    """The prose of an article file, one paragraph each; of a text file, every block."""
    path = DEMO / name
    if path.suffix == ".txt":
        return path.read_text(encoding="utf-8").strip().split("\n\n")
    return page_paragraphs(lxml.html.parse(path).getroot())


def page_paragraphs(page: lxml.html.HtmlElement) -> list[str]:
    """The paragraphs inside the article element, without boxes, bylines and captions."""
    return [
        " ".join(element.text_content().split())
        for element in page.xpath(
            "//*[self::article or @itemprop='articleBody']"
            "//p[not(@class) and not(ancestor::aside) and not(ancestor::div[@class='newsletter-box'])]"
        )
    ]


def records() -> list[dict[str, str]]:
    """The records of the JSONL file."""
    text = (DEMO / "uplandgazette_week-29.jsonl").read_text(encoding="utf-8")
    return [json.loads(line) for line in text.splitlines()]


def bodies() -> dict[str, str]:
    """The text of every article, by file name (JSONL records by their URL)."""
    found = {
        name: "\n".join(paragraphs(name))
        for name in FILES
        if name != SECTION_PAGE and not name.endswith(".jsonl")
    }
    for record in records():
        text = record.get("text") or "\n".join(
            page_paragraphs(lxml.html.fromstring(record["html"]))
        )
        found[record["url"]] = text
    return found


def words(text: str) -> list[str]:
    """Lower-case words; apostrophes and hyphens join, so that restyled quotes do not matter."""
    return re.findall(r"[^\W_]+", re.sub(r"['’‘\-]", "", text.lower()))


def content_runs(text: str, length: int) -> set[tuple[str, ...]]:
    """Every run of `length` consecutive words that are not function words."""
    content = [word for word in words(text) if word not in FUNCTION_WORDS]
    return set(zip(*(content[shift:] for shift in range(length)), strict=False))


def published_in(name: str) -> datetime:
    """The publication instant a page declares in its JSON-LD."""
    return datetime.fromisoformat(str(news_article(name)["datePublished"])).astimezone(UTC)


def hosts() -> Iterator[str]:
    """The host of every absolute address in any file, but for the vocabularies pages name."""
    for path in DEMO.iterdir():
        for host in re.findall(r"https?://([^/\s\"'<]+)", path.read_text(encoding="utf-8")):
            if host not in {"schema.org", "ogp.me"}:
                yield host


def test_readme_names_every_file_and_no_other() -> None:
    """A file without a row, or a row without a file, is an article nobody has an expectation of."""
    assert set(FILES) == {path.name for path in DEMO.iterdir()}
    assert all(name.isascii() for name in FILES)


def test_readme_counts_add_up() -> None:
    """The totals in docs/demo.md follow from its own table."""
    found = [row[4] for row in FILES.values()]
    copies = sum("cluster `bridge`" in cell for cell in found)
    single = sum("alone" in cell and "each alone" not in cell for cell in found) + len(records())

    assert (copies, single) == (len(COPIES), 9)
    assert f"**{copies + single} articles**" in EXPECTED
    assert f"**{1 + single} clusters**" in EXPECTED


def test_every_host_is_reserved() -> None:
    """No address in the fiction can belong to anybody."""
    found = set(hosts())
    assert len(found) >= len(FILES) - 4  # text files carry none
    assert {host for host in found if not host.endswith(".example")} == set()


@pytest.mark.parametrize("name", HTML_ARTICLES)
def test_html_article_is_a_whole_page(name: str) -> None:
    """An article page has all that surrounds an article on the web, and its times agree."""
    text = (DEMO / name).read_text(encoding="utf-8")
    page = lxml.html.fromstring(text)

    assert text.lower().startswith("<!doctype html>")
    for path in (
        "//title",
        "//h1",
        "//figure/figcaption",
        "//a",
        '//link[@rel="canonical"]',
        '//meta[@property="og:site_name"]',
    ):
        assert page.xpath(path), path
    assert {
        datetime.fromisoformat(stamp).astimezone(UTC) for stamp in page.xpath("//time/@datetime")
    } == {published_in(name)}
    assert page.xpath("//h1")[0].text_content() == news_article(name)["headline"]


@pytest.mark.parametrize("name", HTML_ARTICLES)
def test_readme_gives_the_instant_the_page_declares(name: str) -> None:
    """The times in docs/demo.md are those of the files, turned to UTC."""
    assert FILES[name][2] == published_in(name).strftime("%Y-%m-%d %H:%M")


def test_publication_times_lie_within_three_days() -> None:
    """All of it is the news of one short week, so that no window of the comparison cuts it."""
    instants = [published_in(name) for name in HTML_ARTICLES]
    instants += [datetime.fromisoformat(record["published"]) for record in records()]
    assert max(instants) - min(instants) <= timedelta(days=3)
    assert all(instant.tzinfo is not None for instant in instants)


def test_agency_published_first() -> None:
    """The origin is the agency by either rule: its own page, and the earliest copy."""
    date_line = datetime.strptime(paragraphs(COPIES[3])[1], "%B %d, %Y").replace(tzinfo=UTC)
    others = [published_in(name) for name in COPIES[1:] if name.endswith(".html")]
    assert published_in(AGENCY_PAGE) < min([*others, date_line])


def test_copies_keep_most_of_the_agency_text() -> None:
    """Agency page and copy share well over half of the longer one's runs of four content words."""
    runs = {name: content_runs("\n".join(paragraphs(name)), 4) for name in COPIES}
    agency = runs.pop(AGENCY_PAGE)
    for name, copy in runs.items():
        assert len(copy & agency) / max(len(copy), len(agency)) > 0.55, name


def test_each_copy_shows_its_edit() -> None:
    """Headline, truncation, insertion, restyling and number: one desk, one habit."""
    agency = paragraphs(AGENCY_PAGE)
    _, truncated, renamed, inserted, restyled = (paragraphs(name) for name in COPIES)
    headlines = [str(news_article(name)["headline"]) for name in COPIES if name.endswith(".html")]

    assert truncated[1:] == agency[1 : len(truncated)]
    assert 0.6 < len(" ".join(truncated)) / len(" ".join(agency)) < 0.75
    assert headlines.count(headlines[0]) == len(headlines) - 1
    assert renamed[-1] == agency[-1]
    assert [block for block in inserted if block in agency] == agency
    assert sum(block.startswith("In Lowmarsh,") for block in inserted) == 1
    assert "three ships due this week" in " ".join(agency)
    assert "five ships due this week" in " ".join(restyled)
    assert "“" not in " ".join(restyled)
    assert '"' not in " ".join(restyled)


def test_each_copy_credits_the_agency_in_its_own_way() -> None:
    """One signal a copy: a test that finds the agency knows which rule did it."""
    dateline = re.compile(r"^PORT ALDER, July 14 \(MPA\) — ")
    bodies_of = {name: paragraphs(name) for name in COPIES}

    assert [name for name, body in bodies_of.items() if any(map(dateline.match, body))] == [
        AGENCY_PAGE,
        "lowmarshherald_bridge-crack.txt",
    ]
    assert [name for name, body in bodies_of.items() if "Meridian Press Agency" in body[-1]] == [
        "castlereachcourier_bridge-crack.html"
    ]
    assert news_article("alderpost_swing-bridge-shut.html")["author"] == [
        {"@type": "Organization", "name": "Meridian Press Agency"}
    ]
    assert "MPA" not in " ".join(bodies_of["alderpost_swing-bridge-shut.html"])
    assert "By JANE ROE, Meridian Press Agency" in (
        DEMO / "harrowvalenews_bridge-crack.html"
    ).read_text(encoding="utf-8")


def test_listed_passages_stand_in_both_texts() -> None:
    """A verbatim passage has the same words in both; an edited one shares long runs only."""
    agency = " ".join(words(" ".join(paragraphs(AGENCY_PAGE))))
    station = " ".join(words(" ".join(paragraphs(STATION_PAGE))))
    rows = table_rows("kind")

    assert [kind for kind, _, _ in rows] == ["verbatim", "verbatim", "edited"]
    for kind, in_agency, in_station in rows:
        assert " ".join(words(in_agency)) in agency
        assert " ".join(words(in_station)) in station
        assert (words(in_agency) == words(in_station)) == (kind == "verbatim")
        assert content_runs(in_agency, 6) & content_runs(in_station, 6)


def test_station_story_shares_nothing_beyond_the_listed_passages() -> None:
    """Whatever else the comparison reports for the station's story is a false passage."""
    own = " ".join(words(" ".join(paragraphs(STATION_PAGE))))
    for _, _, in_station in table_rows("kind"):
        own = own.replace(" ".join(words(in_station)), " | ")
    agency = content_runs("\n".join(paragraphs(AGENCY_PAGE)), 4)
    assert [run for part in own.split("|") for run in content_runs(part, 4) & agency] == []


def test_stories_of_one_event_share_names_only() -> None:
    """Two reporters at one event: the same names, and no four content words in a row."""
    one, other = ("\n".join(paragraphs(name)) for name in SAME_EVENT)
    assert {"veyland", "tarn", "hollow", "rime"} <= set(words(one)) & set(words(other))
    assert content_runs(one, 4) & content_runs(other, 4) == set()


def test_unrelated_articles_share_no_text() -> None:
    """Outside the bridge cluster and the station's passages, no two articles share a long run."""
    runs = {name: content_runs(body, 4) for name, body in bodies().items()}
    related = {*COPIES, STATION_PAGE}
    for one, other in combinations(sorted(runs), 2):
        if not {one, other} <= related:
            assert runs[one] & runs[other] == set(), (one, other)


def test_articles_have_the_length_of_news() -> None:
    """Between 250 and 600 words each, so that no article is decided by its shortness."""
    lengths = {name: len(body.split()) for name, body in bodies().items()}
    assert {name: n for name, n in lengths.items() if not 250 <= n <= 600} == {}


def test_text_files_open_with_their_headline() -> None:
    """A text file begins with a headline: short, no sentence; one of them has a date line."""
    texts = [paragraphs(name) for name in FILES if name.endswith(".txt")]
    assert len(texts) == 3
    assert all(len(blocks[0].split()) < 15 and blocks[0][-1].isalpha() for blocks in texts)
    assert sum(bool(re.fullmatch(r"[A-Z][a-z]+ \d+, \d{4}", blocks[1])) for blocks in texts) == 1
    assert sum("READ MORE:" in blocks or "RELATED:" in blocks for blocks in texts) == 2


def test_jsonl_records_follow_the_input_format() -> None:
    """Each record has an address and a text in one of the two forms, and keys we do not know."""
    assert len({record["url"] for record in records()}) == 3
    for record in records():
        assert ("text" in record) != ("html" in record)
        assert "desk" in record
    assert [record["language"] for record in records()] == ["en", "es", "en"]


def test_section_page_holds_teasers_and_no_article() -> None:
    """The page to be rejected links to articles and declares itself a collection."""
    page = lxml.html.parse(DEMO / SECTION_PAGE).getroot()
    assert [node["@type"] for node in linked_data(SECTION_PAGE)] == ["CollectionPage"]
    assert page.xpath('//meta[@property="og:type"]/@content') == ["website"]
    teasers = [element.text_content() for element in page.xpath('//p[@class="teaser"]')]
    assert len(teasers) == 10
    assert max(len(teaser.split()) for teaser in teasers) < 20
    assert page.xpath("//article") == []
