"""Upkeep: old sightings become counts, what killed runs left goes, the file shrinks, captures stay."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import filelock
import pytest

from flows.ingest import ingest
from flows.publish import audit
from flows.settings import Settings
from flows.upkeep import maintain
from warehouse.connection import LIVE, PUBLISHED

Row = tuple[object, ...]
Ask = Callable[[Path, str], list[Row]]
Contents = Callable[[Path], dict[str, list[str]]]
Wirecopy = Callable[..., object]
Write = Callable[..., Path]
Compose = Callable[[str], str]


@pytest.fixture
def settings(home: Path, write: Write, article_text: Compose) -> Settings:
    """One loaded file."""
    settings = Settings(home=home, workers=1)
    at = datetime(2026, 3, 1, 12, tzinfo=UTC).isoformat()
    lines = [
        json.dumps(
            {"url": f"https://e.example/{n}", "text": article_text(f"mill {n}"), "fetched_at": at}
        )
        for n in range(3)
    ]
    ingest(settings, [write("a.jsonl", "\n".join(lines))], publish_after=False)
    return settings


def failed_checks(settings: Settings, *, deep: bool = False) -> list[str]:
    """The checks that do not pass."""
    return [result.name for result in audit(settings, deep=deep) if not result.passed]


def test_old_sightings_become_counts_and_every_check_holds(
    settings: Settings, public: Contents, ask: Ask
) -> None:
    """Only of fetches over the web, only where nothing refers to them, and only when that is set."""
    before = public(settings.home)
    with duckdb.connect(str(settings.home / LIVE)) as con:
        [(source_id, run_id)] = con.execute(
            "select any_value(source_id), any_value(run_id) from ops.fetches"
        ).fetchall()
        [(ledger_id,)] = con.execute("select min(ledger_id) from ops.ledger").fetchall()
        for name, day, outcome in (("old", 1, "ok"), ("idle", 1, "failed"), ("new", 19, "ok")):
            con.execute(
                "insert into ops.fetches by name select $name as fetch_id, $run as run_id, "
                "$source as source_id, 'https://e.example/rss' as url, 'feed' as kind, "
                "make_timestamptz(2026, $month, 1, 0, 0, 0) as fetched_at, $outcome as outcome, "
                "case when $outcome = 'failed' then 'unavailable' end as reason, "
                "case when $name = 'idle' then 0 else 2 end as entries_seen",
                {
                    "name": name,
                    "run": run_id,
                    "source": source_id,
                    "month": 1 if day == 1 else 11,
                    "outcome": outcome,
                },
            )
            for position in range(0 if name == "idle" else 2):
                con.execute(
                    "insert into ops.entries by name select $source as source_id, $name as fetch_id, "
                    "$position as position, $ledger as ledger_id, 'x' as url_raw, "
                    "'duplicate' as outcome, 'seen_before' as reason, $run as run_id",
                    {
                        "source": source_id,
                        "name": name,
                        "position": position,
                        "ledger": ledger_id,
                        "run": run_id,
                    },
                )
    assert failed_checks(settings) == []
    assert maintain(settings, publish_after=False).fetches_retired == 0
    days = (datetime.now(UTC) - datetime(2026, 6, 1, tzinfo=UTC)).days
    upkeep = maintain(replace(settings, keep_entries_days=days))
    assert (upkeep.fetches_retired, upkeep.entries_retired) == (2, 4 - 2)
    counts = "select outcome, reason, fetch_count, entry_count from ops.retired_entries order by 1"
    assert ask(settings.home, counts) == [
        ("duplicate", "seen_before", 1, 2),
        ("failed", "unavailable", 1, 0),
    ]
    kept = ask(settings.home, "select fetch_id from ops.fetches where kind = 'feed'")
    assert kept == [("new",)]
    assert public(settings.home) == before
    assert (upkeep.failed_checks, upkeep.published) == ([], True)
    assert failed_checks(settings, deep=True) == []


def test_what_killed_runs_left_is_removed_and_what_is_in_use_stays(settings: Settings) -> None:
    """Drafts, half-built files, locks of the dead; a lock that is held, and captures, stay."""
    home = settings.home
    capture = home / "raw" / "2026-03-01" / "wirecopy-20260301-00001.warc.gz"
    runs = home / "live" / "runs"
    dead, alive = runs / "dead.lock", runs / "alive.lock"
    draft = home / f".{PUBLISHED.name}.draft"
    for path in (capture, home / "live" / "rebuild" / "x", dead, draft):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"x")
    with filelock.FileLock(alive):
        upkeep = maintain(settings, publish_after=False)
        assert alive.exists()
    assert not any(path.exists() for path in (dead, draft, home / "live" / "rebuild"))
    assert len(upkeep.files_removed) == 3
    assert capture.exists()


def test_a_file_that_has_much_free_is_made_anew(
    settings: Settings, contents: Contents, ask: Ask
) -> None:
    """Smaller, with all rows, comments and views, and the migrations it was made with."""
    with duckdb.connect(str(settings.home / LIVE)) as con:
        con.execute(
            "create table main.ballast as select range, md5(range::varchar) from range(200000)"
        )
        con.execute("checkpoint")
        con.execute("drop table main.ballast")
        con.execute("checkpoint")
    comments = "select count(*) from duckdb_columns() where comment is not null"
    before, described = contents(settings.home), ask(settings.home, comments)
    migrations = ask(settings.home, "select * from ops.migrations order by all")
    upkeep = maintain(replace(settings, compact_free_ratio=0.1))
    stored = {"mart.wire_words", "mart.changed_words"}  # before the publish at the end
    assert upkeep.bytes_after < upkeep.bytes_before
    after = contents(settings.home)
    assert {name: rows for name, rows in after.items() if name not in stored} == {
        name: rows for name, rows in before.items() if name not in stored
    }
    assert ask(settings.home, comments) == described
    assert ask(settings.home, "select * from ops.migrations order by all") == migrations
    assert failed_checks(settings) == []
    again = maintain(settings, publish_after=False)
    assert again.bytes_after == again.bytes_before


def test_the_deep_audit_reads_every_capture(
    settings: Settings, write: Write, article_text: Compose
) -> None:
    """A file that no longer holds what was captured is named, with the reason."""
    assert failed_checks(settings, deep=True) == []
    write("a.jsonl", json.dumps({"url": "https://e.example/0", "text": article_text("other")}))
    assert failed_checks(settings) == []
    [result] = [each for each in audit(settings, deep=True) if not each.passed]
    assert (result.name, result.violation_count) == ("captures_intact", 3)
    assert "changed_while_reading" in result.examples[0]
