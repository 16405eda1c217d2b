"""What an article was, over all its captures: versions, addresses, stated times."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

import duckdb
import pytest

from flows.ingest import ingest
from flows.publish import audit
from flows.settings import Settings
from warehouse.connection import LIVE

Row = tuple[object, ...]
Ask = Callable[[Path, str], list[Row]]
Contents = Callable[[Path], dict[str, list[str]]]

SITE = "https://post.example"
START = datetime(2026, 3, 1, tzinfo=UTC)
FIRST = (
    "The lock bridge opened again on Tuesday after repairs that took the town eleven months and "
    "cost more than anybody on the council had expected, the office said."
)
SECOND = (
    "Residents who had waited for the bridge since spring came early and brought flasks of coffee, "
    "folding chairs and a brass band from the valley."
)


def html(*lines: str, head: str = "") -> str:
    """A page with these paragraphs and this head."""
    text = "".join(f"<p>{line}</p>" for line in lines)
    return (
        f"<html lang=en><head><title>Bridge opens</title>{head}"
        '<meta property="og:type" content="article"></head>'
        f"<body><article><h1>Lock bridge opens after repairs</h1>{text}</article></body></html>"
    )


def capture(page: str, hours: int, url: str = f"{SITE}/bridge") -> str:
    """A JSONL line: a page and when it was taken."""
    at = (START + timedelta(hours=hours)).isoformat()
    return json.dumps({"url": url, "html": page, "fetched_at": at}) + "\n"


def load(home: Path, *files: list[str]) -> Settings:
    """Load each list of lines as a file in a run of its own; every check passes."""
    settings = Settings(home=home, workers=1, batch_entries=3)
    home.mkdir(exist_ok=True)
    for number, lines in enumerate(files):
        path = home / f"{number}-{len(lines)}.jsonl"
        path.write_text("".join(lines))
        ingest(settings, [path], publish_after=False)
    assert [result.name for result in audit(settings) if not result.passed] == []
    return settings


CAPTURES = [
    capture(html("Updated 3 min ago", FIRST, SECOND, "12 comments"), 0),
    capture(html("Updated 2 hours ago", FIRST, SECOND, "340 comments", "1,204 shares"), 2),
    capture(
        html(FIRST, SECOND, "Read more: Ferry master resigns over cranes"),
        4,
        f"{SITE}/bridge?utm_source=x",
    ),
    capture(
        html(FIRST, SECOND, "A child was hurt in the crowd, the police said later that day."), 6
    ),
    capture(html("Updated 1 day ago", FIRST, SECOND, "901 comments"), 30),
]


def test_only_a_change_of_text_is_a_version(home: Path, ask: Ask) -> None:
    """Stamps, counters and related links change in five captures, the text twice."""
    load(home, CAPTURES)
    assert ask(home, "select count(*) from article_pages") == [(5,)]
    versions = ask(
        home, "select version_no, seen_at, body like '%child%' from article_versions order by 1"
    )
    assert versions == [
        (1, START, False),
        (2, START + timedelta(hours=6), True),
        (3, START + timedelta(hours=30), False),
    ]
    states = ask(home, "select outcome, count(*) from ops.entries group by all order by 1")
    assert states == [("duplicate", 3), ("loaded", 2)]
    # The current row is the latest capture's, word for word.
    (row,) = ask(home, "select version_no, fetched_at, body like '%901 comments%' from articles")
    assert row[:2] == (3, START + timedelta(hours=30))


@pytest.mark.parametrize("seed", range(3))
def test_history_does_not_depend_on_the_order_of_captures(
    tmp_path: Path, public: Contents, seed: int
) -> None:
    """Versions, their bodies, addresses and stated times are the same in any order and any cut."""
    load(tmp_path / "a", CAPTURES)
    shuffled = CAPTURES.copy()
    Random(seed).shuffle(shuffled)  # noqa: S311 - an order, not a secret
    load(tmp_path / "b", shuffled[: seed + 1], shuffled[seed + 1 :])
    assert public(tmp_path / "b") == public(tmp_path / "a")


def test_every_address_of_every_capture_is_kept(home: Path, ask: Ask) -> None:
    """The same article through a short link, an AMP page, and with a tracker is one article."""
    links = f'<link rel="canonical" href="{SITE}/bridge"><link rel="amphtml" href="/amp/bridge">'
    page = html(FIRST, SECOND, head=links)
    load(
        home,
        [
            capture(page, 0),
            capture(page, 1, f"{SITE}/amp/bridge"),
            capture(page, 2, f"{SITE}/b?id=7"),
        ],
        [capture(html(FIRST, SECOND), 3, f"{SITE}/bridge?utm_medium=feed")],
    )
    assert ask(home, "select url_key from articles") == [(f"{SITE}/bridge",)]
    assert ask(home, "select kind, url from article_urls order by all") == [
        ("amp", f"{SITE}/amp/bridge"),
        ("canonical", f"{SITE}/bridge"),
        ("fetched", f"{SITE}/amp/bridge"),
        ("fetched", f"{SITE}/b?id=7"),
        ("fetched", f"{SITE}/bridge"),
        ("fetched", f"{SITE}/bridge?utm_medium=feed"),
    ]


def test_an_address_that_changed_its_canonical_link_can_be_found(home: Path, ask: Ask) -> None:
    """It is two articles (docs/decisions/0001-identity.md), and the query given there says so."""
    pages = [
        html(FIRST, SECOND, head=f'<link rel="canonical" href="{SITE}/{name}">') for name in "ab"
    ]
    load(home, [capture(page, hour) for hour, page in enumerate(pages)])
    found = ask(
        home,
        "select url, list(article_id) from article_urls where kind in ('fetched', 'final') "
        "group by url having count(distinct article_id) > 1",
    )
    assert [url for url, _ in found] == [f"{SITE}/bridge"]


def test_stated_times_are_those_of_the_current_capture(home: Path, ask: Ask) -> None:
    """A later capture that states other times takes the place of the earlier one's."""
    early = '<meta property="article:published_time" content="2026-02-27">'
    late = early.replace("27", "28T10:00:00+01:00") + '<meta name="date" content="1970-01-01">'
    load(home, [capture(html(FIRST, SECOND, head=head), n) for n, head in enumerate((early, late))])
    rows = ask(
        home,
        "select position, source, raw, stated_at, precision, offset_minutes, is_chosen, flag "
        "from article_dates order by 1",
    )
    instant = datetime(2026, 2, 28, 9, tzinfo=UTC)
    epoch = datetime(1970, 1, 1, tzinfo=UTC)
    assert rows == [
        (1, "meta", "2026-02-28T10:00:00+01:00", instant, "instant", 60, True, None),
        (2, "meta_other", "1970-01-01", epoch, "day", None, False, "too_early"),
    ]
    assert ask(home, "select published_at, published_source from articles") == [(instant, "meta")]


def test_captures_stored_before_texts_were_told_apart_stay_one_version(
    home: Path, ask: Ask
) -> None:
    """The first capture after the migration fills in what the earlier ones lack."""
    load(home, CAPTURES[:1])
    with duckdb.connect(str(home / LIVE)) as con:
        con.execute("update article_pages set text_sha256 = null")
        con.execute("update article_versions set text_sha256 = null")
    load(home, [], CAPTURES[1:3])
    assert ask(home, "select version_no from article_versions") == [(1,)]
    assert ask(home, "select count(*) from article_pages where text_sha256 is null") == [(0,)]
