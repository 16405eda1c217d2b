"""Killing a run at any instant: the next one ends with the same tables as a run left in peace."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest

from benchmarks.corpus import write_lines
from flows.publish import audit
from flows.settings import Settings
from warehouse.connection import PUBLISHED

Ask = Callable[[Path, str], list[tuple[object, ...]]]
Contents = Callable[[Path], dict[str, list[str]]]
Wirecopy = Callable[..., "subprocess.CompletedProcess[str]"]
Compose = Callable[[str], str]

ROOT = Path(__file__).resolve().parents[2]
DRIVER = """
import sys
from pathlib import Path
from flows.ingest import ingest
from flows.settings import Settings
ingest(
    Settings(home=Path(sys.argv[1]), batch_entries=int(sys.argv[2]), workers=1),
    sys.argv[3:],
    watch=lambda summary: print("batch", flush=True),
)
"""
"""A run in small batches that says when each is committed."""

BOOKKEEPING = (
    ("ops.entries", "* exclude (run_id)"),
    ("ops.ledger", "* exclude (last_run_id)"),
    ("ops.ledger_events", "* exclude (run_id, at_utc)"),
    ("ops.fetches", "* exclude (run_id)"),
    ("raw.pages", "*"),
)


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Fifty articles in one file."""
    path = tmp_path_factory.mktemp("corpus") / "articles.jsonl"
    with path.open("wb") as out:
        write_lines(out, articles=50, seed=5)
    return path


@contextmanager
def started(
    environment: Mapping[str, str], home: Path, corpus: Path
) -> Iterator[subprocess.Popen[str]]:
    """A run under way, in batches of ten; killed when the block ends."""
    with subprocess.Popen(
        [sys.executable, "-c", DRIVER, str(home), "10", str(corpus)],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def everything(home: Path, ask: Ask, public: Contents) -> dict[str, list[str]]:
    """The public tables and the accounts, without what names a run or its time."""
    found = public(home)
    for table, columns in BOOKKEEPING:
        found[table] = sorted(map(str, ask(home, f"select {columns} from {table}")))  # noqa: S608 - names of tables
    return found


def gone(processes: list[psutil.Process]) -> bool:
    """Whether these processes end within ten seconds."""
    return not psutil.wait_procs(processes, timeout=10)[1]


def test_killed_runs_leave_no_trace_but_their_rows(
    environment: dict[str, str],
    home: Path,
    corpus: Path,
    ask: Ask,
    public: Contents,
    tmp_path: Path,
) -> None:
    """SIGKILL before the first batch, between batches and inside one; then a run to the end."""
    for batches, delay in ((0, 1.0), (1, 0.0), (2, 0.12)):
        with started(environment, home, corpus) as process:
            assert process.stdout is not None
            for _ in range(batches):
                assert process.stdout.readline() == "batch\n"
            time.sleep(delay)
            workers = psutil.Process(process.pid).children(recursive=True)
            process.kill()
        assert gone(workers)
        if (home / PUBLISHED).exists():
            assert audit_of(home) == []
    for each in (home, tmp_path / "undisturbed"):
        with started(environment, each, corpus) as process:
            assert process.wait(120) == 0
    assert audit_of(home) == []
    assert everything(home, ask, public) == everything(tmp_path / "undisturbed", ask, public)
    statuses = [row[0] for row in ask(home, "select status from ops.runs order by started_at")]
    assert statuses[-1] == "completed"
    assert set(statuses[:-1]) == {"crashed"}
    assert len(statuses) >= 3
    assert ask(home, "select count(*) from ops.runs where ended_at is null") == [(0,)]
    assert list(home.glob(".news*")) == []


def audit_of(home: Path) -> list[str]:
    """The checks that do not pass."""
    return [result.name for result in audit(Settings(home=home)) if not result.passed]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_a_run_at_once_and_the_next_completes(
    environment: dict[str, str],
    home: Path,
    tmp_path: Path,
    ask: Ask,
    wirecopy: Wirecopy,
    article_text: Compose,
    number: signal.Signals,
) -> None:
    """Even while a page hangs: exit code 130, one sentence, the row says cancelled, no process left."""
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "a.txt").write_text(article_text("lock bridge"))
    attributes = b" ".join(b"a%d" % n for n in range(200_000))
    (folder / "hangs.html").write_bytes(b"<html><body><p " + attributes + b">")
    with subprocess.Popen(
        [sys.executable, "-m", "flows.cli", "ingest", str(folder), "--home", str(home)],
        cwd=ROOT,
        env=environment,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        wait_for_a_worker(process.pid)
        workers = psutil.Process(process.pid).children(recursive=True)
        process.send_signal(number)
        _, said = process.communicate(timeout=60)
    assert process.returncode == 130
    assert said.splitlines()[-1].startswith("wirecopy: stopped;")
    assert "Traceback" not in said
    assert gone(workers)
    assert ask(home, "select status from ops.runs") == [("cancelled",)]
    (folder / "hangs.html").unlink()
    again = wirecopy("ingest", folder, "--home", home)
    assert again.returncode == 0
    assert ask(home, "select count(*) from articles") == [(1,)]
    assert audit_of(home) == []


def wait_for_a_worker(pid: int) -> None:
    """Until a worker, a child of a child, is at work on the page: nothing else takes so long."""
    deadline = time.monotonic() + 120
    run = psutil.Process(pid)
    while True:
        children = set(run.children())
        workers = [each for each in run.children(recursive=True) if each not in children]
        if any(worker.cpu_times().user > 1 for worker in workers):
            return
        assert time.monotonic() < deadline, "no worker was started"
        time.sleep(0.05)


READER = """
import os, sys, time
import duckdb
published, stop = sys.argv[1:]
counts = []
while not os.path.exists(stop):
    if os.path.exists(published):
        with duckdb.connect(published, read_only=True) as con:
            counts.append(con.execute("select count(*) from articles").fetchone()[0])
    time.sleep(0.05)
print(*counts)
"""


def test_readers_never_wait_and_never_fail_while_runs_load_and_publish(
    environment: dict[str, str],
    home: Path,
    corpus: Path,
    tmp_path: Path,
    wirecopy: Wirecopy,
) -> None:
    """A plain client and the command, over and over, while two runs load and publish."""
    stop = tmp_path / "stop"
    text = corpus.read_text().splitlines(keepends=True)
    parts = [tmp_path / "a.jsonl", tmp_path / "b.jsonl"]
    for path, part in zip(parts, (text[:20], text[20:40]), strict=True):
        path.write_text("".join(part))
    with subprocess.Popen(
        [sys.executable, "-c", READER, str(home / PUBLISHED), str(stop)],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as client:
        answers: list[int] = []
        try:
            for path in parts:
                with started(environment, home, path) as process:
                    while process.poll() is None:
                        if (home / PUBLISHED).exists():
                            asked = wirecopy("sql", "from articles", "--json", "--home", home)
                            assert asked.returncode == 0, asked.stderr
                            answers.append(len(json.loads(asked.stdout)["rows"]))
                        time.sleep(0.2)
                    assert process.returncode == 0
        finally:
            stop.touch()
            out, err = client.communicate(timeout=60)
    assert err == ""
    counts = [int(word) for word in out.split()]
    assert counts == sorted(counts)
    assert {0, 20, 40} >= set(counts) >= {0, 20}
    assert answers == sorted(answers)
    assert len(answers) > 2
