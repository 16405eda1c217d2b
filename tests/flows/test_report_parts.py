"""The parts of the report: steps of time, drawings, texts as shown, bounds, what it says of nothing."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flows.errors import WirecopyError
from flows.report import bounds, drawing, shown
from flows.report.compose import compose, write_report
from flows.report.contents import Contents, Listing, Pair, Spread
from flows.report.drawing import draw
from flows.report.reader import prepare
from flows.report.volume import volume
from warehouse.errors import NotPublished, WarehouseError
from warehouse.migrate import migrate

NOW = datetime(2026, 7, 14, 12, tzinfo=UTC)
Wirecopy = Callable[..., Any]


def _day(on: date | None, count: int = 1, own: int = 1) -> dict[str, object]:
    return {"published_on": on, "article_count": count, "own_article_count": own}


_DAYS = st.lists(
    st.tuples(
        st.dates(date(1700, 1, 1), date(2100, 1, 1)) | st.dates(date(2025, 1, 1), date(2026, 9, 1)),
        st.integers(1, 900),
    ),
    max_size=30,
    unique_by=lambda each: each[0],
)


@settings(deadline=None)
@given(_DAYS, st.integers(0, 3))
def test_every_article_is_in_one_step(days: list[tuple[date, int]], undated: int) -> None:
    """Or before the first, behind the last, or undated; steps follow one another without a hole."""
    rows = [_day(on, count, count // 2) for on, count in days]
    found = volume([*rows, _day(None, undated, 0)] if undated else rows)
    parts = [*found.steps, *filter(None, (found.before, found.behind, found.undated))]

    assert sum(step.article_count for step in parts) == sum(n for _, n in days) + undated
    assert sum(step.own_article_count for step in parts) == sum(n // 2 for _, n in days)
    assert len(found.steps) <= bounds.STEPS + 1
    edges = [(a.ends_on, b.begins_on) for a, b in zip(found.steps, found.steps[1:], strict=False)]
    assert all(low == high for low, high in edges)
    assert bool(found.steps) == bool(days)


@pytest.mark.parametrize(
    ("first", "last", "unit", "steps"),
    [
        (date(2025, 7, 14), date(2025, 7, 14), "day", 1),
        (date(2025, 1, 1), date(2025, 12, 31), "day", 365),
        (date(2023, 1, 1), date(2025, 1, 1), "week", 106),
        (date(2005, 3, 1), date(2025, 2, 1), "month", 240),
        (date(1800, 1, 1), date(2025, 1, 1), "year", 226),
    ],
)
def test_the_step_fits_the_span(first: date, last: date, unit: str, steps: int) -> None:
    """Days as long as they fit."""
    found = volume([_day(on) for on in sorted({first, last})])

    assert (found.unit, len(found.steps)) == (unit, steps)


def test_a_few_odd_dates_do_not_squeeze_the_rest() -> None:
    """They are summed apart, and still counted."""
    usual = [_day(date(2025, 1, 1) + timedelta(days=n), 100, 60) for n in range(100)]
    found = volume([_day(date(1970, 1, 1), 3, 3), *usual, _day(date(2037, 1, 1), 2, 0)])

    assert (found.unit, len(found.steps)) == ("day", 100)
    assert found.before is not None
    assert found.behind is not None
    assert (found.before.article_count, found.behind.article_count) == (3, 2)
    assert (found.before.begins_on, found.behind.ends_on) == (date(1970, 1, 1), date(2037, 1, 1))


@settings(deadline=None)
@given(st.text())
def test_shown_text_obeys_nothing(text: str) -> None:
    """No control character but line end and tab, nothing that turns the direction of what follows."""
    found = shown.visible(text)

    assert [c for c in found if (ord(c) < 32 and c not in "\n\t") or 0x7F <= ord(c) < 0xA0] == []
    assert not set(found) & set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
    found.encode()
    assert len(shown.shortened(text, 20)) <= 20


def test_text_that_is_only_text_stays_as_it_is() -> None:
    """Letters of all scripts, joiners, emoji, no-break spaces."""
    text = "Zürich — «été» 東京 हिन्दी \u200d\u00a0👩\u200d💻 می\u200cخواهم\n\tx"

    assert shown.visible(text) == text


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [(None, "–"), (0, "0 s"), (90, "90 s"), (600, "10 min"), (7200, "2 h"), (1e6, "12 d")],
)
def test_durations_are_in_the_unit_that_fits(seconds: float | None, expected: str) -> None:
    """From two of a unit on."""
    assert shown.duration(seconds) == expected


def test_a_label_that_is_markup_is_a_label() -> None:
    """Through the library and through our own writing of what it drew."""
    label = '"><script>alert(1)</script>&amp; {{7*7}} datum.value'
    drawn = draw(
        {
            "data": {"values": [{"label": label, "n": 1}]},
            "mark": "bar",
            "encoding": {
                "x": {"field": "n", "type": "quantitative"},
                "y": {"field": "label", "type": "nominal", "axis": {"labelLimit": 900}},
                "description": {"field": "label"},
            },
        },
        width=600,
        kind="wide",
        named_by="x",
    )

    assert "<script" not in drawn
    assert "style=" not in drawn
    assert drawn.count("&lt;script&gt;alert(1)&lt;/script&gt;&amp;amp;") == 2
    assert 'role="img" aria-labelledby="x"' in drawn
    assert len(drawn) < 6000


def test_a_drawing_holds_shapes_and_words_only() -> None:
    """Links, scripts, styles, handlers, references and foreign elements do not get through."""
    svg = (
        '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" '
        'onload="x()" width="9"><script>x()</script><style>a{}</style><a xlink:href="javascript:x()">'
        '<path d="M0,0"/></a><foreignObject><p xmlns="http://www.w3.org/1999/xhtml">x</p>'
        '</foreignObject><g onclick="x()" style="x" fill="url(#a)"><text>a &lt; b</text>'
        '<image href="https://a.example/"/><path d="M0.123,4.56" aria-label="9"/></g></svg>'
    )

    assert drawing._clean(svg, kind="k", named_by="n") == (
        '<svg width="9" class="chart k" role="img" aria-labelledby="n"><g><text>a &lt; b</text>'
        '<path d="M0.1,4.5"><title>9</title></path></g></svg>'
    )


def _empty(**parts: Any) -> Contents:
    none = Listing([], 0, {})
    counts = (
        "article publisher unknown_publisher undated attributed cluster clustered_article passage"
    )
    totals: dict[str, Any] = {f"{name}_count": 0 for name in counts.split()}
    return Contents(
        **{
            "totals": {**totals, "last_loaded_at": None},
            "volume": [],
            "publishers": none,
            "agencies": none,
            "spreads": [],
            "spread_count": 0,
            "gaps": none,
            "outcomes": none,
            "fetch_failures": none,
            "sources": none,
            "pairs": [],
            "borrowed_count": 0,
            "read_at": NOW,
            **parts,
        }
    )


def _article(article_id: str, body: str, **parts: Any) -> dict[str, Any]:
    return {
        "article_id": article_id,
        "headline": "H",
        "body": body,
        "body_length": len(body),
        "url": "file:///a",
        "language": None,
        "published_at": None,
        "published_precision": None,
        "word_count": 9,
        "publisher": None,
        "is_self": False,
        "agency": None,
        "authors": None,
        **parts,
    }


def test_the_page_stays_small_whatever_the_texts() -> None:
    """Texts are cut and pairs left out, and both are said; words stay whole."""
    body = "\n".join(["lorem & <ipsum> dolor sit amet " * 20] * 400)
    pairs = [Pair(_article(f"a{n}", body), _article(f"b{n}", body), [], 1) for n in range(20)]
    contents = _empty(pairs=pairs)
    reader = prepare(contents)
    page, pair_count = compose(contents)

    assert pair_count == len(reader.readings) == 10
    assert reader.left_out == 10
    assert "10 pairs are left out" in page
    assert "Shown: the first 19,9" in page
    assert f"of {len(body):,} characters" in page
    assert len(page) < 3_000_000


def test_nothing_is_left_out_unsaid() -> None:
    """Of lists that are cut the rest is counted."""
    columns = ("article_count", "own_article_count", "word_count", "own_word_count")
    publishers = Listing(
        [{"publisher": f"P{n}", **dict.fromkeys(columns, 10)} for n in range(30)],
        1_970,
        dict.fromkeys(columns, 4_321),
    )
    copy = {
        "publisher": "P",
        "is_origin": False,
        "first_published_at": None,
        "published_precision": None,
        "placed_at": None,
        "article_count": 2,
        "running_article_count": None,
    }
    cluster = {"headline": "H", "article_count": 120, "publisher_count": 60}
    contents = _empty(
        publishers=publishers, spreads=[Spread(1, cluster, [copy] * 60)], spread_count=77
    )
    page, _ = compose(contents)

    assert "the 1,970 others are together in the last row" in page
    assert "4,321" in page
    assert "of 77 that more than one publisher ran" in page
    assert "20 more publishers" in page


@pytest.fixture(scope="module")
def bare(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database without any row."""
    path = tmp_path_factory.mktemp("bare") / "news.duckdb"
    with duckdb.connect(str(path)) as con:
        migrate(con, NOW)
    return path


@pytest.fixture
def published(tmp_path: Path, bare: Path) -> Path:
    """A data folder with a published copy without any row."""
    home = tmp_path / "home"
    home.mkdir()
    shutil.copy(bare, home / "news.duckdb")
    return home


def test_an_empty_archive_has_a_page(published: Path) -> None:
    """It says that there is nothing, in every section."""
    written = write_report(published, published / "r.html", NOW)
    page = written.path.read_text(encoding="utf-8")

    assert (written.article_count, written.pair_count) == (0, 0)
    assert "No article has been loaded yet" in page
    assert "No text was run by more than one publisher" in page
    assert "<svg" not in page
    assert written.bytes == written.path.stat().st_size < 30_000


def test_one_article_without_a_date_has_a_page(published: Path) -> None:
    """No chart of time, and its words are there."""
    with duckdb.connect(str(published / "news.duckdb")) as con:
        con.execute(
            """insert into articles by name select 'a' as article_id, 'u' as url, 'u' as url_key,
            'H' as headline, 'one two' as body, now() as first_seen_at, now() as fetched_at,
            2 as word_count, 'x' as body_sha256, 1 as version_no, 'p' as page_id"""
        )
        con.execute("insert into clusters values ('a', 'a', 1, null, 'only')")
        con.execute("insert into cluster_members values ('a', 'a', 'origin', null)")
        con.execute(
            """insert into mart.wire_words by name select 'a' as article_id, 0 as wire_word_count,
            2 as own_word_count"""
        )
    page = write_report(published, published / "r.html", NOW).path.read_text(encoding="utf-8")

    assert "Of none of the 1 article the time of publication is known: 1 own reporting" in page
    assert page.count("<svg") == 2  # originality, wide and narrow
    assert "(unknown)" in page


def test_the_page_is_replaced_whole_or_not_at_all(published: Path) -> None:
    """What stood there is gone, nothing lies beside it, and a second writing gives the same bytes."""
    path = published / "r.html"
    path.write_text("older")
    write_report(published, path, NOW)
    first = path.read_bytes()
    write_report(published, path, NOW)

    assert path.read_bytes() == first
    assert first.startswith(b"<!doctype html>")
    assert sorted(each.name for each in published.iterdir()) == ["news.duckdb", "r.html"]


def test_what_goes_wrong_is_a_sentence(published: Path, tmp_path: Path) -> None:
    """No copy, a copy that lacks a table, a folder that is not there."""
    with pytest.raises(NotPublished, match="Run `wirecopy ingest` first"):
        write_report(tmp_path / "none", tmp_path / "r.html", NOW)
    with pytest.raises(WirecopyError, match="cannot be written: No such file"):
        write_report(published, published / "no" / "r.html", NOW)
    with duckdb.connect(str(published / "news.duckdb")) as con:
        con.execute("drop view mart.freshness")
    with pytest.raises(WarehouseError, match="`wirecopy publish` makes a new one"):
        write_report(published, published / "r.html", NOW)
    assert not (published / "r.html").exists()


def test_the_command_says_where_it_wrote(
    wirecopy: Wirecopy, published: Path, tmp_path: Path
) -> None:
    """One JSON object with --json; exit code 1 with a sentence where there is nothing to read."""
    done = wirecopy("report", "--home", published, "-o", published / "a b.html", "--json")
    failed = wirecopy("report", "--home", tmp_path / "none", "-o", tmp_path / "r.html")

    assert json.loads(done.stdout) == {
        "path": str(published / "a b.html"),
        "bytes": (published / "a b.html").stat().st_size,
        "articles": 0,
        "pairs": 0,
    }
    assert (failed.returncode, failed.stdout) == (1, "")
    assert failed.stderr.startswith("wirecopy: There is no ")
    assert "Traceback" not in failed.stderr
