"""A Prefect server that is killed in mid-run: what becomes of the run, and of the articles."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import psutil
import pytest

from benchmarks.corpus import write_lines
from flows.orchestration.server import (
    free_port,
    server_environment,
    start_server,
    stop,
    wait_until_ready,
)
from tests.flows.serving import ROOT, wait_for

pytestmark = [pytest.mark.server, pytest.mark.timeout(900)]

Wirecopy = Callable[..., "subprocess.CompletedProcess[str]"]
Ask = Callable[[Path, str], list[tuple[object, ...]]]
Contents = Callable[[Path], dict[str, list[str]]]

ARTICLES = 2500


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Generated articles, many of them copies: some batches."""
    path = tmp_path_factory.mktemp("in") / "articles.jsonl"
    with path.open("wb") as output:
        write_lines(output, ARTICLES, 11)
    return path


@pytest.fixture(scope="module")
def undisturbed(
    corpus: Path, tmp_path_factory: pytest.TempPathFactory, wirecopy: Wirecopy, public: Contents
) -> dict[str, list[str]]:
    """The tables of a run without a server that nothing happened to."""
    home = tmp_path_factory.mktemp("direct")
    assert wirecopy("ingest", corpus, "--home", home).returncode == 0
    return public(home)


@pytest.fixture
def server(tmp_path: Path) -> Iterator[tuple[subprocess.Popen[bytes], dict[str, str]]]:
    """A Prefect server that may be killed, and the environment to talk to it with."""
    home, port = tmp_path / "server", free_port()
    process = start_server(home, port)
    try:
        wait_until_ready(process, home, port)
        yield process, server_environment(home, port)
    finally:
        stop(process, 10)


def batches_loaded(environment: Mapping[str, str]) -> int:
    """How many batches the server knows to be loaded."""
    asked = {"task_runs": {"state": {"type": {"any_": ["COMPLETED"]}}}}
    request = urllib.request.Request(  # noqa: S310 - a server of ours on loopback
        f"{environment['PREFECT_API_URL']}/task_runs/count",
        data=json.dumps(asked).encode(),
        headers={"Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=60) as answer:  # noqa: S310 - as above
        return int(answer.read())


def kill(process: subprocess.Popen[bytes]) -> None:
    """SIGKILL for a server and all in its session."""
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def test_a_run_whose_server_is_killed_ends_as_if_undisturbed(
    server: tuple[subprocess.Popen[bytes], dict[str, str]],
    corpus: Path,
    tmp_path: Path,
    wirecopy: Wirecopy,
    public: Contents,
    undisturbed: dict[str, list[str]],
    ask: Ask,
) -> None:
    """It goes on alone, says so in a sentence, and is done; every check holds, nothing is left over."""
    process, environment = server
    home, said = tmp_path / "home", tmp_path / "said"
    with said.open("wb") as output:
        run = subprocess.Popen(
            [sys.executable, "-m", "flows.cli", "ingest", str(corpus), "--home", str(home)],
            cwd=ROOT,
            env=environment,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
        wait_for(lambda: batches_loaded(environment), "the first batch")
        kill(process)
        assert run.poll() is None, said.read_text()
        assert run.wait(600) == 0, said.read_text()

    text = said.read_text()
    assert text.count("The Prefect server is gone; the run goes on without it.") == 1
    assert "does not answer any more" in text
    assert f"{ARTICLES:,} inputs" in text
    assert not [word for word in ("Traceback", "Error", "Unable to", "Crash") if word in text], text
    runs = ask(home, "select status, count(*) from ops.runs group by all")
    assert runs == [("completed", 1)]
    assert ask(home, "select count(distinct run_id) from ops.loads") == [(1,)]
    audit = wirecopy("audit", "--home", home)
    assert audit.returncode == 0, audit.stdout
    again = wirecopy("ingest", corpus, "--home", home)
    assert again.returncode == 0, again.stderr
    assert f"Nothing new: all {ARTICLES:,} inputs are as they were." in again.stdout
    assert public(home) == undisturbed


def test_server_and_run_killed_together_lose_nothing(
    server: tuple[subprocess.Popen[bytes], dict[str, str]],
    corpus: Path,
    tmp_path: Path,
    wirecopy: Wirecopy,
    public: Contents,
    undisturbed: dict[str, list[str]],
    ask: Ask,
) -> None:
    """What was committed stays and passes every check; the next run does the rest and no more."""
    process, environment = server
    home, said = tmp_path / "home", tmp_path / "said"
    with said.open("wb") as output:
        run = subprocess.Popen(
            [sys.executable, "-m", "flows.cli", "ingest", str(corpus), "--home", str(home)],
            cwd=ROOT,
            env=environment,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
        wait_for(lambda: batches_loaded(environment), "the first batch")
        all_of_it = [psutil.Process(run.pid), *psutil.Process(run.pid).children(recursive=True)]
        kill(process)
        run.kill()
        run.wait()
    assert psutil.wait_procs(all_of_it, timeout=60)[1] == []

    audit = wirecopy("audit", "--home", home)
    assert audit.returncode == 0, audit.stdout
    [(held,)] = ask(home, "select count(*) from ops.entries")
    assert 0 < int(str(held)) < ARTICLES
    completed = wirecopy("ingest", corpus, "--home", home, "--json")
    assert completed.returncode == 0, completed.stderr
    summary = json.loads(completed.stdout)
    assert summary["loaded"] + summary["duplicate"] == ARTICLES - int(str(held))
    assert ask(home, "select status from ops.runs order by started_at") == [
        ("crashed",),
        ("completed",),
    ]
    assert public(home) == undisturbed
