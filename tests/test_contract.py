"""Records, rows and tables agree: the seam between transforms and warehouse, which do not meet."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from pathlib import Path

import duckdb
import pytest

from flows import rows
from flows.archive import FileReading
from flows.comparison import clustering, matching, passing
from flows.comparison.days import Days
from flows.readings import Entry
from transforms import records
from transforms.polling import SourceStatus
from transforms.records import (
    AgencyEvidence,
    Article,
    ArticleUrl,
    Author,
    BodySource,
    Cluster,
    DateCandidate,
    DateFlag,
    Declared,
    Level,
    Location,
    Match,
    MatchKind,
    Page,
    Passage,
    PassageKind,
    Precision,
    Published,
    Publisher,
    Reason,
    Rejection,
    State,
    UrlKind,
)
from transforms.versions import Sighting, Version
from warehouse.migrate import migrate
from warehouse.statements import statement

NOW = datetime(2026, 7, 14, tzinfo=UTC)

PAGE = Page(
    url="https://news.example/a",
    payload=b"<p>",
    content_type="text/html",
    fetched_at=NOW,
    location=Location("a.warc", 0, 3),
    final_url="https://news.example/b",
    status_code=200,
    declared=Declared(headline="Bridge shut", extra={"desk": "north"}),
)
ARTICLE = Article(
    article_id="0a00000000000001",
    page_id="page",
    url=PAGE.url,
    url_key=PAGE.url,
    headline="Bridge shut",
    body="The bridge shut.",
    prose=((0, 16),),
    body_sha256="00",
    word_count=3,
    fetched_at=NOW,
    language="en",
    published=Published(NOW, Precision.MINUTE, "meta", "today", 0),
    publisher=Publisher("Post", "post.example"),
    authors=(Author("Ann Lee", "By Ann Lee"), Author("Ann Lee", "Ann Lee"), Author("Bob", "Bob")),
    tags=("harbour", "harbour"),
    evidence=(AgencyEvidence("mpa", "dateline", Level.OWNER, "(MPA)"),) * 2,
    agency_roles=(("mpa", Level.OWNER),),
    dates=(DateCandidate("meta", "today", NOW, Precision.MINUTE, 0, is_chosen=True),),
    urls=(ArticleUrl(PAGE.url, UrlKind.FETCHED),) * 2,
)
MATCH = Match("a", "b", 0.5, 0.6, 0.7, MatchKind.EXCERPT)
PASSAGE = Passage("a", 0, 5, "b", 1, 6, 2, PassageKind.EDITED)
CLUSTER = Cluster("a", "b", ("a", "b"))
READING = FileReading(Path("a.txt"), "file:///a.txt", "text", NOW, 3, "00")
ENTRY = Entry(0, "file:///a.txt", PAGE)
SIGHTING = Sighting(NOW, "page", "Bridge shut", "00", "11")
REJECTION = Rejection(PAGE.url, Reason.EMPTY, "is empty")


@pytest.fixture(scope="module")
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    """A warehouse in memory with all tables."""
    with duckdb.connect(":memory:") as opened:
        migrate(opened, NOW)
        yield opened


def _columns(con: duckdb.DuckDBPyConnection, table: str) -> dict[str, str]:
    schema, _, name = f"main.{table}".rpartition(".")
    found = con.execute(
        "select column_name, comment from duckdb_columns() "
        "where schema_name = $schema and table_name = $name",
        {"schema": schema.rpartition(".")[2], "name": name},
    ).fetchall()
    return dict(found)


_ROWS: list[tuple[str, Iterable[rows.Row], set[str]]] = [
    ("raw.pages", [rows.page_row(PAGE, "page", "00")], set()),
    ("articles", [rows.article_row(ARTICLE, PAGE, 1, NOW)], set()),
    ("article_pages", [rows.sighting_row("a", SIGHTING)], set()),
    ("article_versions", [rows.version_row("a", Version(1, SIGHTING), "text", "00")], set()),
    ("authors", rows.author_rows(ARTICLE)[0], set()),
    ("article_authors", rows.author_rows(ARTICLE)[1], set()),
    ("article_tags", rows.tag_rows(ARTICLE), set()),
    ("article_dates", rows.date_rows(ARTICLE), set()),
    ("article_urls", rows.url_rows(ARTICLE), set()),
    ("agency_evidence", rows.evidence_rows(ARTICLE), set()),
    ("article_agencies", rows.agency_rows(ARTICLE), set()),
    ("ops.fetches", [rows.fetch_row(READING, "run", 1, "ok", None)], set()),
    ("ops.entries", [rows.entry_row(READING, ENTRY, "a", State.LOADED, None, "run")], set()),
    ("clusters", [clustering._cluster_columns([CLUSTER], {"a": None, "b": NOW}, {"b"})], set()),
    ("cluster_members", [clustering._member_columns([CLUSTER], {"a": None, "b": NOW})], set()),
]


@pytest.mark.parametrize(("table", "made", "unset"), _ROWS, ids=[name for name, _, _ in _ROWS])
def test_rows_have_the_columns_of_their_table(
    con: duckdb.DuckDBPyConnection, table: str, made: Iterable[rows.Row], unset: set[str]
) -> None:
    """All of them and no others; `unset` are columns that only a fetch over HTTP has."""
    columns = _columns(con, table).keys() - unset

    assert columns
    assert [row.keys() ^ columns for row in made] == [set() for _ in made]


def test_rows_of_pairs_have_the_columns_of_their_table(con: duckdb.DuckDBPyConnection) -> None:
    """The day is no field of the record: it follows from the two articles."""
    days = Days(con, {"a": NOW, "b": NOW + timedelta(days=1)}, ())
    found = {
        "matches": matching._columns([MATCH], days),
        "passages": passing._columns([PASSAGE], days),
    }

    assert {table: row.keys() for table, row in found.items()} == {
        table: _columns(con, table).keys() for table in found
    }
    assert [row["day"] for row in found.values()] == [[NOW.date()], [NOW.date()]]


def test_what_is_named_twice_is_one_row() -> None:
    """A byline may name an author twice, a page a keyword; the tables hold each once."""
    authors, links = rows.author_rows(ARTICLE)

    assert [row["name"] for row in authors] == ["Ann Lee", "Bob"]
    assert [(row["position"], row["raw"]) for row in links] == [(1, "By Ann Lee"), (2, "Bob")]
    assert len(rows.tag_rows(ARTICLE)) == len(rows.evidence_rows(ARTICLE)) == 1


def test_a_rejected_entry_says_why() -> None:
    """Its reason for programs, its sentence for people."""
    row = rows.entry_row(READING, ENTRY, "a", State.SKIPPED, REJECTION, "run")

    assert (row["outcome"], row["reason"], row["detail"]) == ("skipped", "empty", "is empty")


def _fields(record: type) -> set[str]:
    return {field.name for field in dataclasses.fields(record)}


@pytest.mark.parametrize(
    ("record", "table"), [(Match, "matches"), (Passage, "passages"), (Sighting, "article_pages")]
)
def test_a_record_has_the_columns_of_its_table(
    con: duckdb.DuckDBPyConnection, record: type, table: str
) -> None:
    """A record that is a row goes by the same names there and here; days are looked up."""
    columns = _columns(con, table).keys() - {"article_id", "day"}
    assert columns == _fields(record) - {"article_id"}


def test_an_article_goes_into_its_tables_whole(con: duckdb.DuckDBPyConnection) -> None:
    """Every field of the record is a column of `articles` or has a table of its own."""
    elsewhere = {
        "prose": "reuse.fingerprints",
        "headings": "reuse.fingerprints",
        "authors": "article_authors",
        "tags": "article_tags",
        "evidence": "agency_evidence",
        "agency_roles": "article_agencies",
        "dates": "article_dates",
        "urls": "article_urls",
    }
    spread = {"published": Published, "publisher": Publisher}
    columns = _columns(con, "articles").keys()
    names = {
        "published": {
            f"published_{name}".removesuffix("_minutes").replace("offset", "offset_minutes")
            for name in _fields(Published)
        },
        "publisher": {f"publisher_{name}" for name in _fields(Publisher)},
    }

    assert _fields(Article) - columns == elsewhere.keys() | spread.keys()
    assert [table for table in elsewhere.values() if not _columns(con, table)] == []
    assert [names[field] - columns for field in spread] == [set(), set()]


def _accepted() -> dict[str, set[str]]:
    """Values by place, as the check lists them."""
    found = {}
    text = statement("checks/accepted_values")
    for block in re.split(r"\bunion all\b\s+(?=select '[\w.]+', \w+\s+from [\w.]+\s+where)", text):
        place = re.search(r"select '([\w.]+)'", block)
        listed = re.search(r"\bnot in \(([^()]*)\)", block)
        assert place is not None
        assert listed is not None
        found[place[1]] = set(re.findall(r"'(\w+)'", listed[1]))
    reasons = text.rpartition("where reason not in")[2]
    return {**found, "reason": set(re.findall(r"'(\w+)'", reasons))}


def _values(kind: type[StrEnum]) -> set[str]:
    return {each.value for each in kind}


@pytest.mark.parametrize(
    ("place", "values"),
    [
        ("ops.ledger.state", _values(State)),
        ("ops.ledger_events.state", _values(State)),
        ("ops.entries.outcome", _values(State)),
        ("reason", _values(Reason)),
        ("ops.source_state.status", _values(SourceStatus)),
        ("matches.kind", _values(MatchKind)),
        ("passages.kind", _values(PassageKind)),
        ("agency_evidence.level", _values(Level)),
        ("article_agencies.role", _values(Level) - {"mention"}),
        ("articles.published_precision", _values(Precision)),
        ("articles.body_source", _values(BodySource)),
        ("article_dates.precision", _values(Precision)),
        ("article_dates.flag", _values(DateFlag)),
        ("article_urls.kind", _values(UrlKind)),
        (
            "cluster_members.role",
            set(map(str, clustering._member_columns([CLUSTER], dict.fromkeys("ab"))["role"])),
        ),
    ],
)
def test_the_check_accepts_the_values_of_the_records(place: str, values: set[str]) -> None:
    """No more, or it would not notice; no less, or a good warehouse would fail it."""
    assert _accepted()[place] == values


def test_every_kind_of_value_is_checked() -> None:
    """An enumeration of the records that no place holds would be listed here."""
    kinds = {
        name
        for name, kind in vars(records).items()
        if isinstance(kind, type) and issubclass(kind, StrEnum) and kind is not StrEnum
    }

    assert kinds == {
        "State",
        "Reason",
        "Precision",
        "DateFlag",
        "UrlKind",
        "BodySource",
        "Level",
        "MatchKind",
        "PassageKind",
    }


@pytest.mark.parametrize(
    ("column", "kind"),
    [
        ("ops.ledger.state", State),
        ("ops.entries.outcome", State),
        ("matches.kind", MatchKind),
        ("passages.kind", PassageKind),
        ("agency_evidence.level", Level),
        ("articles.published_precision", Precision),
        ("articles.body_source", BodySource),
        ("article_dates.flag", DateFlag),
        ("article_urls.kind", UrlKind),
    ],
)
def test_a_comment_names_every_value(
    con: duckdb.DuckDBPyConnection, column: str, kind: type[StrEnum]
) -> None:
    """Whoever reads the schema learns what may stand there."""
    table, _, name = column.rpartition(".")
    comment = _columns(con, table)[name]

    assert [each.value for each in kind if each.value not in comment] == []
