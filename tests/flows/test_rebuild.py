"""A fresh warehouse from captures alone: the same tables, and nothing lost without being asked."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pytest

from flows.backfill import rebuild as rebuilding
from flows.backfill.rebuild import rebuild
from flows.errors import RebuildRefused
from flows.ingest import ingest
from flows.publish import audit
from flows.settings import Settings
from warehouse.connection import LIVE, PUBLISHED, writer
from warehouse.errors import WarehouseLocked

Row = tuple[object, ...]
Ask = Callable[[Path, str], list[Row]]
Contents = Callable[[Path], dict[str, list[str]]]
Write = Callable[..., Path]
Compose = Callable[[str], str]

DEMO = Path(__file__).parents[2] / "seeds" / "demo"
SEEN = "select article_id, first_seen_at from articles order by 1"


@pytest.fixture
def settings(home: Path, write: Write, article_text: Compose) -> Settings:
    """Copies, versions and an agency's text, loaded one after the other."""
    settings = Settings(home=home, workers=1, lock_wait_s=20.0)
    ferry = article_text("night ferry")

    def line(url: str, text: str, day: int) -> str:
        at = datetime(2026, 3, day, 12, tzinfo=UTC).isoformat()
        return (
            json.dumps({"url": url, "text": text, "fetched_at": at, "publisher": url[8:10]}) + "\n"
        )

    texts = [line(f"https://e{n}.example/ferry", ferry, n) for n in (1, 2, 3)]
    ingest(settings, [write("a.jsonl", "".join(texts) + "no json\n")], publish_after=False)
    more = [line("https://e1.example/ferry", article_text("new ferry"), 5)]
    credited = write("d.html", (DEMO / "castlereachcourier_bridge-crack.html").read_bytes())
    paths = [write("b.jsonl", "".join(more)), write("c.txt", article_text("lock")), credited]
    ingest(settings, paths)
    return settings


def failed_checks(settings: Settings) -> list[str]:
    """The checks that do not pass, captures included."""
    return [result.name for result in audit(settings, deep=True) if not result.passed]


def test_the_tables_are_those_of_before(settings: Settings, public: Contents, ask: Ask) -> None:
    """Public tables, accounts, and when articles were first seen; damage does not outlive it."""
    before, seen = public(settings.home), ask(settings.home, SEEN)
    ledger = ask(settings.home, "select * from ops.ledger order by 1")
    with duckdb.connect(str(settings.home / LIVE)) as con:
        con.execute("update articles set body = 'Damaged', headline = 'Damaged'")
        con.execute("delete from matches")
    inode = (settings.home / LIVE).stat().st_ino
    assert before["article_agencies"] != []
    summary = rebuild(settings)
    assert public(settings.home) == before
    assert ask(settings.home, SEEN) == seen
    assert ask(settings.home, "select * from ops.ledger order by 1") == ledger
    assert (settings.home / LIVE).stat().st_ino != inode
    assert (summary.captures, summary.is_done, summary.published) == (6, True, True)
    runs = ask(settings.home, "select flow, status from ops.runs order by started_at")
    assert runs[-1] == ("rebuild", "completed")
    assert failed_checks(settings) == []
    assert not (settings.home / "live" / "rebuild").exists()


def test_articles_are_not_lost_without_being_asked(
    settings: Settings, tmp_path: Path, public: Contents, ask: Ask
) -> None:
    """A file that is gone stops it; forced, its inputs are unreadable from then on."""
    before = public(settings.home)
    (tmp_path / "in" / "c.txt").unlink()
    with pytest.raises(RebuildRefused) as refused:
        rebuild(settings)
    assert "1 articles would be lost" in str(refused.value)
    assert "c.txt" in str(refused.value)
    assert public(settings.home) == before
    summary = rebuild(settings, force=True)
    assert (summary.unread, summary.lost) == ({"unreadable": 1}, 0)
    assert len(public(settings.home)["articles"]) == len(before["articles"]) - 1
    rows = ask(settings.home, "select state, reason from ops.ledger where url_key like '%c.txt'")
    assert rows == [("quarantined", "unreadable")]
    assert failed_checks(settings) == ["captures_intact"]


def test_the_published_copy_stands_in_for_a_lost_warehouse(
    settings: Settings, public: Contents, ask: Ask
) -> None:
    """With the writer's file gone, what was published says where captures are."""
    before, seen = public(settings.home), ask(settings.home, SEEN)
    (settings.home / LIVE).unlink()
    rebuild(settings)
    assert public(settings.home) == before
    assert ask(settings.home, SEEN) == seen
    assert failed_checks(settings) == []


def test_from_capture_files_alone(settings: Settings, ask: Ask) -> None:
    """Without any warehouse the files under raw/ are read as a backfill reads them."""
    (settings.home / LIVE).unlink()
    (settings.home / PUBLISHED).unlink()
    summary = rebuild(settings)
    assert (summary.captures, summary.is_done) == (0, True)
    assert ask(settings.home, "select count(*) from articles") == [(0,)]
    assert failed_checks(settings) == []


def test_nothing_is_replaced_while_somebody_has_it_open(
    settings: Settings, public: Contents
) -> None:
    """A foreign program that opens the file stops the swap, and the old file stays."""
    before = public(settings.home)
    inode = (settings.home / LIVE).stat().st_ino
    impatient = Settings(home=settings.home, workers=1, lock_wait_s=0.3)
    released, held = threading.Event(), threading.Event()

    def hold() -> None:
        with writer(settings.home):
            held.set()
            released.wait(60)

    thread = threading.Thread(target=hold)
    thread.start()
    try:
        assert held.wait(60)
        with pytest.raises(WarehouseLocked):
            rebuild(impatient)
    finally:
        released.set()
        thread.join()
    assert (settings.home / LIVE).stat().st_ino == inode
    assert public(settings.home) == before


def test_a_failure_on_the_way_leaves_the_old_warehouse(
    settings: Settings, public: Contents, monkeypatch: pytest.MonkeyPatch, ask: Ask
) -> None:
    """Whatever stops it before the swap; the next rebuild clears away what lies about."""
    before = public(settings.home)

    def fails(*_: object, **__: object) -> None:
        raise MemoryError

    with monkeypatch.context() as patch:
        patch.setattr(rebuilding, "put_in_place", fails)
        with pytest.raises(MemoryError):
            rebuild(settings)
    assert public(settings.home) == before
    left = settings.home / rebuilding.ASIDE / "live"
    left.mkdir(parents=True)
    (left / "news.duckdb").write_bytes(b"left by a kill")
    rebuild(settings, publish_after=False)
    assert public(settings.home) == before
    statuses = ask(settings.home, "select status from ops.runs where flow = 'rebuild' order by all")
    assert statuses == [("completed",), ("failed",)]
