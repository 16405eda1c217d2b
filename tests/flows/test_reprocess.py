"""Making articles again from captures: the same tables, or those a changed rule makes."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from concurrent.futures import Future
from datetime import UTC, date, datetime
from pathlib import Path

import duckdb
import pytest

from flows.backfill.reprocess import reprocess
from flows.errors import BadRequest
from flows.ingest import ingest
from flows.publish import audit
from flows.settings import Settings
from flows.workers import Extractor, Outcome
from transforms.records import Page, Reason, Rejection
from warehouse.connection import LIVE

Row = tuple[object, ...]
Ask = Callable[[Path, str], list[Row]]
Contents = Callable[[Path], dict[str, list[str]]]
Write = Callable[..., Path]
Compose = Callable[[str], str]


@pytest.fixture
def settings(home: Path) -> Settings:
    """One worker and small batches, so that articles with several captures are divided."""
    return Settings(home=home, workers=1, batch_entries=3)


def failed_checks(settings: Settings) -> list[str]:
    """The checks that do not pass."""
    return [result.name for result in audit(settings) if not result.passed]


def line(url: str, text: str, day: int, **more: object) -> str:
    """A JSONL line with the time of its capture."""
    at = datetime(2026, 3, day, 12, tzinfo=UTC).isoformat()
    return json.dumps({"url": url, "text": text, "fetched_at": at, **more}) + "\n"


@pytest.fixture
def filled(settings: Settings, write: Write, article_text: Compose, html_page: Compose) -> Settings:
    """Articles of every kind of place, with copies, versions, and inputs that are none."""
    ferry = article_text("night ferry")
    write("a.txt", article_text("lock bridge"))
    write("page.html", html_page("corn market"))
    write("none.html", "<html><body><p>nothing</p></body></html>")
    lines = [
        line(f"https://e{n}.example/ferry", ferry, 1, publisher=f"Paper {n}") for n in range(4)
    ]
    lines += [
        line("https://e.example/v", article_text(f"mill {n}"), n, odd=None) for n in (1, 3, 5)
    ]
    lines += ["no json\n", line("https://e.example/short", "Too short.", 2)]
    write("b.jsonl.gz", gzip.compress("".join(lines).encode()))
    folder = write("c.jsonl", line("https://e.example/v", ferry, 4)).parent
    ingest(settings, [folder], publish_after=False)
    return settings


def alter(home: Path, *statements: str) -> None:
    """Damage the writer's file."""
    with duckdb.connect(str(home / LIVE)) as con:
        for statement in statements:
            con.execute(statement)


def test_the_same_code_makes_the_same_tables(
    filled: Settings, public: Contents, ask: Ask, contents: Contents
) -> None:
    """Row for row, when articles were first seen included; the ledger says nothing new."""
    before, seen = (
        public(filled.home),
        ask(filled.home, "select article_id, first_seen_at from articles order by 1"),
    )
    books = contents(filled.home)
    summary = reprocess(filled)
    assert public(filled.home) == before
    assert ask(filled.home, "select article_id, first_seen_at from articles order by 1") == seen
    after = contents(filled.home)
    for table in ("ops.ledger", "ops.ledger_events", "ops.entries", "ops.fetches", "raw.pages"):
        assert after[table] == books[table]
    assert (summary.captures, summary.unread, summary.is_done) == (12, {}, True)
    assert summary.published
    assert failed_checks(filled) == []


def test_damaged_rows_are_put_right(filled: Settings, public: Contents) -> None:
    """Text, headline, matches, clusters and passages are what the captures say again."""
    before = public(filled.home)
    alter(
        filled.home,
        "update articles set headline = 'Damaged', body = 'Damaged' where url like '%/v'",
        "update article_versions set body = 'Damaged'",
        "delete from matches",
        "update cluster_members set role = 'reprint'",
        "delete from article_tags",
        "delete from passages",
    )
    reprocess(filled, publish_after=False)
    assert public(filled.home) == before
    assert failed_checks(filled) == []


def test_a_rule_that_has_changed_changes_the_rows(
    filled: Settings, public: Contents, ask: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Articles that are none any more go with all that hung on them; put back, they come back."""
    before = public(filled.home)
    as_it_is = Extractor.outcome

    def strict(self: Extractor, page: Page, future: Future[Outcome]) -> Outcome:
        if "e1.example" in page.url or page.url.endswith("/v"):
            return Rejection(page.url, Reason.TOO_SHORT, "by the new rule")
        return as_it_is(self, page, future)

    with monkeypatch.context() as patch:
        patch.setattr(Extractor, "outcome", strict)
        reprocess(filled, publish_after=False)
    urls = "select url from articles where url like '%e1.example%' or url like '%/v'"
    assert ask(filled.home, urls) == []
    states = "select distinct state, reason from ops.ledger where url_key like '%/v'"
    assert ask(filled.home, states) == [("skipped", "too_short")]
    assert failed_checks(filled) == []
    reprocess(filled, publish_after=False)
    assert public(filled.home) == before
    assert failed_checks(filled) == []


def test_what_cannot_be_read_is_counted_and_what_was_made_of_it_stays(
    filled: Settings, write: Write, article_text: Compose, public: Contents, tmp_path: Path
) -> None:
    """A file that is gone, one that was edited: their articles are as they were."""
    before = public(filled.home)
    (tmp_path / "in" / "a.txt").unlink()
    write("page.html", article_text("another story"))
    summary = reprocess(filled, since=date(2026, 1, 1), publish_after=False)
    assert summary.unread == {"changed_while_reading": 1, "unreadable": 1}
    assert (summary.lost, summary.is_done) == (0, True)
    assert public(filled.home) == before


def test_only_the_days_asked_for(filled: Settings, ask: Ask) -> None:
    """All captures of an article that has one in the range, and no others."""
    summary = reprocess(filled, since=date(2026, 3, 3), until=date(2026, 3, 3), publish_after=False)
    urls = ask(filled.home, "select count(*) from raw.pages where url like '%/v'")
    assert (summary.captures,) == urls[0]
    with pytest.raises(BadRequest):
        reprocess(filled, since=date(2026, 3, 3), until=date(2026, 3, 1))
