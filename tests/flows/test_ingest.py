"""Runs one after the other: what changes when something changed, and what stays when nothing did."""

from __future__ import annotations

import gzip
import json
import os
import shutil
import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from flows.errors import NothingToRead
from flows.ingest import ingest
from flows.progress import report
from flows.publish import audit
from flows.settings import Settings
from flows.walk import Summary, load_now

Row = tuple[object, ...]
Ask = Callable[[Path, str], list[Row]]
Contents = Callable[[Path], dict[str, list[str]]]
Write = Callable[..., Path]
Compose = Callable[[str], str]

VERSIONS = "select version_no, body, seen_at from article_versions order by version_no"


@pytest.fixture
def settings(home: Path) -> Settings:
    """One worker, so that a run starts quickly."""
    return Settings(home=home, workers=1)


def failed_checks(settings: Settings) -> list[str]:
    """The checks that do not pass."""
    return [result.name for result in audit(settings) if not result.passed]


def capture(url: str, text: str, day: int, **more: object) -> str:
    """A JSONL line with the time of its capture."""
    at = datetime(2026, 3, day, 12, tzinfo=UTC).isoformat()
    return json.dumps({"url": url, "text": text, "fetched_at": at, **more}) + "\n"


def test_a_second_run_and_a_touched_file_change_nothing(
    settings: Settings, write: Write, article_text: Compose, contents: Contents
) -> None:
    """Every table but that of the runs is as it was, row for row; the report says so."""
    for number, subject in enumerate(["lock bridge", "corn market", "night ferry", "old quarry"]):
        path = write(f"{number}.txt", article_text(subject))
    write("twice.txt", article_text("lock bridge"))
    write("empty.txt", "")
    lines = [capture(f"https://e.example/{n}", article_text(f"mill {n}"), 1) for n in range(4)]
    write("a.jsonl.gz", gzip.compress("".join([*lines, "no json\n"]).encode()))
    first = ingest(settings, [path.parent])
    before = contents(settings.home)
    again = ingest(settings, [path.parent])
    os.utime(path, (2_000_000_000, 2_000_000_000))
    touched = ingest(settings, [path.parent])
    assert contents(settings.home) == before
    assert first.inputs == 11
    for summary in (again, touched):
        assert (summary.states.total(), summary.unchanged) == (0, 11)
        assert report(summary) == "Nothing new: all 11 inputs are as they were."
    assert len(before["main.articles"]) == 9
    assert failed_checks(settings) == []


def test_texts_of_one_address_are_versions_in_the_order_of_their_captures(
    settings: Settings, write: Write, article_text: Compose, ask: Ask
) -> None:
    """A changed text is the next version, a restored one another, a late one takes its place."""
    url = "https://e.example/story"
    one, two, late = (article_text(subject) for subject in ("first", "second", "third"))
    for name, text, day in (("1", one, 2), ("2", two, 5), ("3", one, 8), ("4", late, 4)):
        ingest(settings, [write(f"{name}.jsonl", capture(url, text, day))], publish_after=False)
    found = ask(settings.home, VERSIONS)
    assert [(no, seen.day) for no, _, seen in found if isinstance(seen, datetime)] == [
        (1, 2),
        (2, 4),
        (3, 5),
        (4, 8),
    ]
    subjects = ["first", "third", "second", "first"]
    for subject, (_, body, _) in zip(subjects, found, strict=True):
        assert f"The {subject} opened again" in str(body)
    ((version_no, headline, fetched_at),) = ask(
        settings.home, "select version_no, headline, fetched_at from articles"
    )
    assert (version_no, headline) == (4, "First opens after long repairs")
    assert fetched_at == datetime(2026, 3, 8, 12, tzinfo=UTC)
    assert failed_checks(settings) == []


def test_a_file_that_is_edited_and_put_back_has_three_versions(
    settings: Settings, write: Write, article_text: Compose, ask: Ask
) -> None:
    """The file's time is the time of its capture; the old text stays among the versions."""
    texts = [article_text("lock bridge"), article_text("corn market"), article_text("lock bridge")]
    for day, text in enumerate(texts, start=1):
        path = write("a.txt", text, at=datetime(2026, 3, day, tzinfo=UTC))
        ingest(settings, [path], publish_after=False)
    found = ask(settings.home, VERSIONS)
    assert [("lock bridge" in str(body), no) for no, body, _ in found] == [
        (True, 1),
        (False, 2),
        (True, 3),
    ]
    (current,) = ask(settings.home, "select version_no, body from articles")
    assert current == found[-1][:2]
    assert failed_checks(settings) == []


def test_a_copy_put_back_with_its_old_time_is_read_once(
    settings: Settings, write: Write, article_text: Compose, contents: Contents, tmp_path: Path
) -> None:
    """A backup restored with its times is nothing new: no row is written twice."""
    path = write("a.txt", article_text("lock bridge"), at=datetime(2026, 3, 1, tzinfo=UTC))
    backup = shutil.copy2(path, tmp_path / "backup")
    ingest(settings, [path], publish_after=False)
    write("a.txt", article_text("corn market"), at=datetime(2026, 3, 2, tzinfo=UTC))
    ingest(settings, [path], publish_after=False)
    shutil.copy2(backup, path)
    ingest(settings, [path], publish_after=False)
    assert failed_checks(settings) == []
    before = contents(settings.home)
    assert ingest(settings, [path], publish_after=False).unchanged == 1
    assert contents(settings.home) == before


def test_a_file_named_twice_in_one_run_is_read_once(
    settings: Settings, write: Write, article_text: Compose, ask: Ask
) -> None:
    """A folder and a file in it, or one file by two paths."""
    path = write("a.txt", article_text("lock bridge"))
    summary = ingest(settings, [path.parent, path, path.parent / ".." / "in"], publish_after=False)
    assert summary.inputs == 1
    assert ask(settings.home, "select count(*) from ops.entries") == [(1,)]
    assert failed_checks(settings) == []


def test_a_file_that_changes_while_it_is_read_is_said_to_and_read_again(
    settings: Settings, write: Write, article_text: Compose, ask: Ask
) -> None:
    """What was read of it stays, the fetch counts as failed, and the next run reads it whole."""
    lines = [capture(f"https://e.example/{n}", article_text(f"mill {n}"), 1) for n in range(5)]
    path = write("a.jsonl", "".join(lines))
    added = capture("https://e.example/added", article_text("late mill"), 1)

    def append(summary: Summary) -> None:
        if summary.batches == 1:
            with path.open("a") as file:
                file.write(added)

    ingest(replace(settings, batch_entries=1), [path], publish_after=False, watch=append)
    fetches = ask(settings.home, "select outcome, reason from ops.fetches")
    assert fetches == [("failed", "changed_while_reading")]
    ingest(settings, [path], publish_after=False)
    assert ask(settings.home, "select count(*) from articles") == [(6,)]
    assert ingest(settings, [path], publish_after=False).states.total() == 0
    assert failed_checks(settings) == []


def test_pages_that_kill_their_worker_are_quarantined_and_the_rest_loads(
    settings: Settings, write: Write, article_text: Compose, ask: Ask
) -> None:
    """A page that hangs costs its time limit and is a row with the reason."""
    write("a.txt", article_text("lock bridge"))
    hangs = b"<html><body><p " + b" ".join(b"a%d" % n for n in range(200_000)) + b">"
    path = write("b.html", hangs)
    write("c.txt", article_text("corn market"))
    summary = ingest(replace(settings, page_timeout_s=1.5), [path.parent], publish_after=False)
    assert (summary.states["loaded"], summary.states["quarantined"]) == (2, 1)
    rows = ask(settings.home, "select state, reason from ops.ledger where state <> 'loaded'")
    assert rows == [("quarantined", "parser_timeout")]


def test_two_runs_at_once_both_succeed_and_nothing_doubles(
    settings: Settings, write: Write, article_text: Compose, ask: Ask
) -> None:
    """They take turns with the batches, on one file they share as on files of their own."""
    shared = capture("https://e.example/shared", article_text("shared mill"), 1)
    paths = []
    for name in ("a", "b"):
        own = [
            capture(f"https://e.example/{name}{n}", article_text(f"{name}{n}"), 1) for n in range(6)
        ]
        paths.append(write(f"{name}.jsonl", "".join([*own, shared])))
    found: list[Summary] = []
    runs = [
        threading.Thread(target=lambda path=path: found.append(ingest(settings, [path])))
        for path in paths
    ]
    for run in runs:
        run.start()
    for run in runs:
        run.join(120)
    assert len(found) == 2
    assert sum(summary.states["loaded"] for summary in found) == 13
    assert ask(settings.home, "select count(*) from articles") == [(13,)]
    assert ask(settings.home, "select status from ops.runs") == [("completed",)] * 2
    assert failed_checks(settings) == []


def test_a_missing_path_leaves_no_trace(settings: Settings, write: Write) -> None:
    """Told before a run begins: no data folder is made."""
    with pytest.raises(NothingToRead):
        ingest(settings, [write("a.txt", "text"), settings.home / "none.txt"])
    assert not settings.home.exists()


def test_a_load_that_fails_ends_the_run_as_failed_and_keeps_what_was_committed(
    settings: Settings, write: Write, article_text: Compose, ask: Ask
) -> None:
    """The error reaches the caller; the next run goes on where the last batch ended."""
    lines = [capture(f"https://e.example/{n}", article_text(f"mill {n}"), 1) for n in range(7)]
    path = write("a.jsonl", "".join(lines))
    batches = 0

    def failing(settings: Settings, batch):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
        nonlocal batches
        batches += 1
        if batches == 2:
            raise OSError("disk full")
        return load_now(settings, batch)

    with pytest.raises(OSError, match="disk full"):
        ingest(replace(settings, batch_entries=3), [path], load=failing)
    assert ask(settings.home, "select status, ended_at is null from ops.runs") == [
        ("failed", False)
    ]
    assert ask(settings.home, "select count(*) from articles") == [(3,)]
    assert failed_checks(settings) == []
    rest = ingest(settings, [path], publish_after=False)
    assert (rest.unchanged, rest.states["loaded"]) == (3, 4)
    assert failed_checks(settings) == []


def test_the_address_keeps_its_good_capture_when_a_bad_one_follows(
    settings: Settings, write: Write, article_text: Compose, ask: Ask
) -> None:
    """A later empty answer of an address does not unload its article, before or after."""
    url = "https://e.example/a"
    good, bad = capture(url, article_text("mill"), 1), capture(url, "", 2)
    for name, content in (("1", bad), ("2", good), ("3", bad)):
        ingest(settings, [write(f"{name}.jsonl", content)], publish_after=False)
    assert ask(settings.home, "select state, reason from ops.ledger") == [("loaded", None)]
    events = ask(settings.home, "select seq, state, reason from ops.ledger_events order by seq")
    assert events == [(1, "skipped", "empty"), (2, "loaded", None)]
    assert failed_checks(settings) == []


def test_times_far_off_stop_nothing(
    settings: Settings, write: Write, article_text: Compose, ask: Ask
) -> None:
    """A record from the year 9999, one from the year 1, and a file from the future are loaded."""
    text = article_text("mill")
    records = [
        {"id": "far", "text": text, "fetched_at": "9999-12-31T23:59:59Z"},
        {"id": "old", "text": text, "fetched_at": "0001-01-01T00:00:00+05:00"},
        {"id": "published", "text": text, "published": "9999-12-31"},
    ]
    path = write("a.jsonl", "\n".join(map(json.dumps, records)))
    late = datetime.now(UTC) + timedelta(days=365)
    write("b.txt", article_text("corn market"), at=late)
    summary = ingest(settings, [path.parent], publish_after=False)
    assert summary.states["loaded"] == 4
    assert ask(settings.home, "select count(*) from articles") == [(4,)]
    assert failed_checks(settings) == []


def test_records_that_differ_only_in_what_they_declare_end_alike_in_any_order(
    write: Write, tmp_path: Path, ask: Ask, article_text: Compose
) -> None:
    """Two records of one address, time and text with two headlines: the order does not decide."""
    base = {
        "url": "https://gazette.example/a",
        "text": article_text("ferries"),
        "fetched_at": "2025-07-01T12:00:00+00:00",
    }
    lines = [json.dumps({**base, "headline": headline}) for headline in ("One", "Two")]
    found = []
    for order in (lines, lines[::-1]):
        home = tmp_path / f"home{len(found)}"
        path = write(f"records{len(found)}.jsonl", "\n".join(order) + "\n")
        ingest(Settings(home=home, workers=1), [path])
        found.append(ask(home, "select headline, version_no, page_id from articles"))
    assert found[0] == found[1]
