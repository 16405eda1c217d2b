"""The row of a run: opened before anything else, closed however the run ends."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pytest

from flows.ingest import ingest
from flows.runs import Run, recorded_run
from flows.settings import Settings, load_settings
from warehouse import load
from warehouse.connection import PUBLISHED, writer

Ask = Callable[[Path, str], list[tuple[object, ...]]]
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


def statuses(ask: Ask, home: Path) -> list[object]:
    """The status of each run, oldest first."""
    return [row[0] for row in ask(home, "select status from ops.runs order by started_at, run_id")]


def test_a_run_is_recorded_with_its_times_parameters_and_outcomes(home: Path, ask: Ask) -> None:
    """The clock is the caller's; the row is there, and readers have tables, while the run is on."""
    with recorded_run(Settings(home=home), "test", {"paths": ["a"]}, clock=lambda: NOW) as run:
        assert statuses(ask, home) == ["running"]
        with duckdb.connect(str(home / PUBLISHED), read_only=True) as con:
            assert con.execute("select count(*) from articles").fetchall() == [(0,)]
        run.outcomes = {"loaded": 3}
    ((run_id, started, ended, status, parameters, outcomes),) = ask(
        home, "select run_id, started_at, ended_at, status, parameters, outcomes from ops.runs"
    )
    assert (run_id, started, ended, status) == (run.run_id, NOW, NOW, "completed")
    assert json.loads(str(parameters)) == {"paths": ["a"]}
    assert json.loads(str(outcomes)) == {"loaded": 3}


@pytest.mark.parametrize(
    ("error", "status"),
    [(KeyboardInterrupt, "cancelled"), (ValueError, "failed"), (SystemExit, "cancelled")],
)
def test_an_error_closes_the_row_and_reaches_the_caller(
    home: Path, ask: Ask, error: type[BaseException], status: str
) -> None:
    """Stopped by hand or told to end is cancelled, anything else failed; no lock is left behind."""
    with pytest.raises(error), recorded_run(Settings(home=home), "test", {}):
        raise error
    assert statuses(ask, home) == [status]
    assert list((home / "live" / "runs").iterdir()) == []


def test_a_row_left_open_is_closed_as_crashed_unless_its_run_is_alive(home: Path, ask: Ask) -> None:
    """A run under way keeps its row; one without a living process was left by a crash."""
    settings = Settings(home=home)
    with recorded_run(settings, "test", {}, clock=lambda: NOW) as alive:
        with writer(home) as con:
            left = {"run_id": "left", "flow": "test", "started_at": NOW, "status": "running"}
            load.append(con, "ops.runs", [left])
        with recorded_run(settings, "test", {}) as second:
            rows = dict(ask(home, "select run_id, status from ops.runs"))
            assert rows == {alive.run_id: "running", "left": "crashed", second.run_id: "running"}
    ended = ask(home, "select count(*) from ops.runs where ended_at is null")
    assert ended == [(0,)]
    assert isinstance(alive, Run)


def test_the_home_is_the_one_given_else_that_of_the_environment(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """The option wins over WIRECOPY_HOME, which wins over a folder here; it is absolute."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("WIRECOPY_HOME", raising=False)
    assert load_settings().home == tmp_path / "wirecopy-data"
    monkeypatch.setenv("WIRECOPY_HOME", "elsewhere")
    assert load_settings().home == tmp_path / "elsewhere"
    assert load_settings("given").home == tmp_path / "given"
    assert load_settings().workers >= 1


def test_what_a_former_version_compared_is_compared_again_and_said(
    home: Path, ask: Ask, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Once, when the first run of this version begins."""
    settings = Settings(home=home, batch_entries=1)
    path = tmp_path / "two.jsonl"
    text = "\n".join(
        f"On day {day} the harbour board of Port Ellis heard {name} on the second pier."
        for day, name in enumerate(("Adeyemi", "Lindqvist", "Okafor", "Marsh", "Tanaka", "Reyes"))
    )
    path.write_text("".join(json.dumps({"id": name, "text": text}) + "\n" for name in "ab"))
    ingest(settings, [path], publish_after=False)
    query = "select article_a, article_b, kind from matches"
    matches = ask(home, query)
    assert len(matches) == 1
    with writer(home) as con:
        con.execute("update reuse.fingerprints set norm_version = norm_version - 1")
        con.execute("delete from matches")
    capsys.readouterr()
    for expected in (1, 0):
        with recorded_run(settings, "test", {}):
            assert ask(home, query) == matches
        assert capsys.readouterr().err.count("Comparing all articles again") == expected
