"""Schedules fire by themselves, and a run that was killed is completed by the next."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.flows.serving import ENDED, Serving, wait_for, write_warc

pytestmark = [pytest.mark.server, pytest.mark.timeout(600)]

Wirecopy = Callable[..., "subprocess.CompletedProcess[str]"]
Compose = Callable[[str], str]
Contents = Callable[[Path], dict[str, list[str]]]
Ask = Callable[[Path, str], list[tuple[object, ...]]]


def test_a_schedule_fires_twice_and_the_second_run_finds_nothing_new(
    served: Serving, tmp_path: Path, article_text: Compose, ask: Ask
) -> None:
    """Nobody asks for either run; the first loads, the second sees that all is as it was."""
    path = tmp_path / "scheduled.jsonl"
    at = "2026-03-01T12:00:00Z"
    record = {"id": "tide mill", "text": article_text("tide mill"), "fetched_at": at}
    path.write_text(json.dumps(record) + "\n")
    place = f"deployments/{served.deployment('ingest')['id']}/schedules"
    every = {"cron": "* * * * * */12", "timezone": "UTC"}  # the sixth are seconds
    (made,) = served.api(
        place, [{"schedule": every, "active": True, "parameters": {"paths": [str(path)]}}]
    )
    asked = {
        "flow_runs": {"state": {"type": {"any_": sorted(ENDED)}}},
        "deployments": {"name": {"any_": ["ingest"]}},
        "sort": "START_TIME_ASC",
    }

    def fired() -> list[dict[str, object]]:
        runs = served.api("flow_runs/filter", asked)
        own = [r for r in runs if r["parameters"].get("paths") == [str(path)]]
        return own if len(own) >= 2 else []

    first, second = wait_for(fired, "two runs by schedule")[:2]
    served.api(f"{place}/{made['id']}", method="DELETE")

    messages = []
    for run in (first, second):
        assert run["auto_scheduled"] is True
        assert run["state_name"] == "Completed"
        messages.append(run["state"]["message"])
    assert "1 loaded" in messages[0]
    assert messages[1] == "Nothing new: all 1 inputs are as they were."
    query = "select count(*) from articles where body like '%tide mill%'"
    assert ask(served.home, query) == [(1,)]


@pytest.fixture
def warcs(tmp_path: Path, html_page: Compose) -> list[Path]:
    """Two crawls of many batches: an article now and then among pages that are none."""
    files = []
    for name in ("first", "second"):
        pages = {
            f"https://www.weirs.example/{name}/{number}": "<p>No.</p>"
            if number % 40
            else html_page(f"{name} weir number {number}")
            for number in range(2200)
        }
        files.append(write_warc(tmp_path / f"{name}.warc.gz", pages, "2026-03-01T12:00:00Z"))
    return files


def test_a_backfill_cancelled_and_killed_on_its_way_is_completed_by_the_next(
    served: Serving, warcs: list[Path], tmp_path: Path, wirecopy: Wirecopy, ask: Ask
) -> None:
    """Cancelled, then kill -9 after a batch: each told as what it is; the tables come out the same."""
    first, second = ([str(path)] for path in warcs)
    asked = {"since": "2026-01-01", "until": "2026-04-01", "archive": "warc"}
    stopped = served.submit("backfill", paths=first, **asked)
    wait_for(lambda: served.loaded_batches(stopped["id"]), "the first batch")
    cancelling = {"type": "CANCELLING", "name": "Cancelling"}
    served.api(f"flow_runs/{stopped['id']}/set_state", {"state": cancelling})
    assert served.ended(stopped["id"])["state_name"] == "Cancelled"

    # Of the second file nothing is loaded yet, however far the first run came.
    asked["paths"] = second
    run = served.submit("backfill", **asked)
    wait_for(lambda: served.loaded_batches(run["id"]), "another batch")
    process = served.process_of(run["id"])
    assert process is not None
    process.kill()
    killed = served.ended(run["id"])
    assert killed["state_name"] == "Crashed"

    asked["paths"] = [*first, *second]
    again = served.run("backfill", **asked)
    assert again["state_name"] == "Completed", again["state"]["message"]
    direct = tmp_path / "direct"
    done = wirecopy(
        *("backfill", "--since", asked["since"], "--until", asked["until"]),
        *("--archive", "warc", "--path", warcs[0], "--path", warcs[1], "--home", direct),
    )
    assert done.returncode == 0, done.stderr
    query = """
        select articles.* exclude (first_seen_at), members.cluster_id, members.role
        from articles
        inner join cluster_members as members on articles.article_id = members.article_id
        where articles.url like '%weirs.example%'
        order by all
    """
    rows = ask(served.home, query)
    assert len(rows) == 110
    assert rows == ask(direct, query)
    states = "select run_id from ops.runs where prefect_flow_run_id = '{}' and status = '{}'"
    # What had loaded everything when it was told to end, has completed all the same.
    ended = [
        ask(served.home, states.format(stopped["id"], each)) for each in ("cancelled", "completed")
    ]
    assert sorted(map(len, ended)) == [0, 1]
    assert len(ask(served.home, states.format(run["id"], "crashed"))) == 1
    assert len(ask(served.home, states.format(again["id"], "completed"))) == 1
