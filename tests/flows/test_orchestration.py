"""The same work as a flow on a real Prefect server."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import psutil
import pytest

from flows.errors import ServerUnavailable
from flows.orchestration.server import free_port, prefect_server
from tests.flows.serving import ASKED_FOR, ENDED, ROOT, Serving, wait_for, write_warc

pytestmark = [pytest.mark.server, pytest.mark.timeout(600)]

Wirecopy = Callable[..., "subprocess.CompletedProcess[str]"]
Ask = Callable[[Path, str], list[tuple[object, ...]]]
Contents = Callable[[Path], dict[str, list[str]]]
Compose = Callable[[str], str]

NAMES = {"ingest", "backfill", "reprocess", "publish", "maintain"}


@dataclass(frozen=True)
class Server:
    """A server, the environment to talk to it with, and its processes."""

    environment: Mapping[str, str]
    processes: list[psutil.Process]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One server for the tests of this module; when it ends, so have all of its processes."""
    before = {child.pid for child in psutil.Process().children(recursive=True)}
    with prefect_server(tmp_path_factory.mktemp("server"), free_port()) as environment:
        started = psutil.Process().children(recursive=True)
        found = Server(environment, [child for child in started if child.pid not in before])
        yield found
        assert found.processes
    _, alive = psutil.wait_procs(found.processes, timeout=10)
    assert alive == []


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, article_text: Compose) -> Path:
    """Enough entries for two batches: a few articles and many lines that are no records."""
    path = tmp_path_factory.mktemp("in") / "a.jsonl"
    at = "2026-03-01T12:00:00Z"
    subjects = ["lock bridge", "corn market", "night ferry"]
    records = [{"id": s, "text": article_text(s), "fetched_at": at} for s in subjects]
    path.write_text("".join(json.dumps(record) + "\n" for record in records) + "[]\n" * 1000)
    return path.parent


def post(server: Server, path: str, body: object) -> list[dict[str, object]]:
    """What the server answers to a question."""
    request = urllib.request.Request(  # noqa: S310 - a server of ours on loopback
        f"{server.environment['PREFECT_API_URL']}/{path}",
        data=json.dumps(body).encode(),
        headers={"Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310 - as above
        found = json.loads(answer.read() or b"[]")
    return found if isinstance(found, list) else [found]


def test_an_ingest_is_a_completed_flow_run_with_a_task_run_for_each_batch(
    server: Server,
    folder: Path,
    home: Path,
    tmp_path: Path,
    wirecopy: Wirecopy,
    ask: Ask,
    public: Contents,
) -> None:
    """Recorded on the server, named in the run's row, and with the tables of a direct run."""
    done = wirecopy("ingest", folder, "--home", home, "--json", env=server.environment)
    assert done.returncode == 0, done.stderr
    summary = json.loads(done.stdout.splitlines()[-1])
    assert (summary["loaded"], summary["quarantined"], summary["batches"]) == (3, 1000, 2)
    ((flow_run_id, status),) = ask(home, "select prefect_flow_run_id, status from ops.runs")
    assert status == "completed"
    runs = post(server, "flow_runs/filter", {"flow_runs": {"id": {"any_": [flow_run_id]}}})
    assert [run["state_name"] for run in runs] == ["Completed"]
    parameters = runs[0]["parameters"]
    assert isinstance(parameters, dict)
    assert parameters["paths"] == [str(folder)]
    tasks = post(server, "task_runs/filter", {"flow_runs": {"id": {"any_": [flow_run_id]}}})
    assert [task["state_name"] for task in tasks] == ["Completed", "Completed"]
    direct = tmp_path / "direct"
    assert wirecopy("ingest", folder, "--home", direct).returncode == 0
    assert public(home) == public(direct)
    assert json.loads(done.stdout) == summary  # nothing but the object on stdout


def test_a_flow_run_that_fails_is_failed_on_the_server_and_one_sentence_here(
    server: Server, folder: Path, home: Path, wirecopy: Wirecopy
) -> None:
    """A warehouse that is no database: exit code 1, and the server knows."""
    (home / "live").mkdir(parents=True)
    (home / "live" / "news.duckdb").write_bytes(b"no database " * 1000)
    done = wirecopy("ingest", folder, "--home", home, env=server.environment)
    assert done.returncode == 1, done.stderr
    assert f"wirecopy: {home}" in done.stderr
    runs = post(
        server, "flow_runs/filter", {"flow_runs": ASKED_FOR, "sort": "START_TIME_DESC", "limit": 1}
    )
    assert [run["state_name"] for run in runs] == ["Failed"]


def test_backfill_and_reprocess_on_the_command_line_are_flow_runs_too(
    server: Server,
    home: Path,
    tmp_path: Path,
    html_page: Compose,
    wirecopy: Wirecopy,
    ask: Ask,
    public: Contents,
) -> None:
    """Completed on the server, and with the tables of the same commands without one."""
    pages = {f"https://www.weirs.example/{n}": html_page(f"weir {n}") for n in range(3)}
    warc = write_warc(tmp_path / "crawl.warc.gz", pages, "2026-03-01T12:00:00Z")
    days = ("--since", "2026-02-01", "--until", "2026-03-31")
    direct = tmp_path / "direct"
    for place, environment in ((home, server.environment), (direct, {})):
        for words in (
            ("backfill", *days, "--archive", "warc", "--path", warc),
            ("reprocess", *days),
        ):
            done = wirecopy(*words, "--home", place, env=environment)
            assert done.returncode == 0, done.stderr
    recorded = ask(home, "select flow, prefect_flow_run_id from ops.runs order by started_at")
    assert [flow for flow, _ in recorded] == ["backfill", "reprocess"]
    states = [flow_run(server, str(run_id))["state_name"] for _, run_id in recorded]
    assert states == ["Completed", "Completed"]
    assert ask(direct, "select count(prefect_flow_run_id), count(*) from ops.runs") == [(0, 2)]
    assert len(public(home)["articles"]) == len(pages)
    assert public(home) == public(direct)


def test_serve_uses_the_server_that_is_configured(
    tmp_path: Path, folder: Path, home: Path, ask: Ask
) -> None:
    """Deployments, schedules and runs are there; no server of its own; that one outlives it."""
    port = free_port()
    with prefect_server(tmp_path / "server", port) as environment:
        serving = Serving(home, port, environment)
        serving.start()
        assert "Using the server that PREFECT_API_URL names" in serving.log.read_text()
        run = serving.run("ingest", paths=[str(folder)])
        assert run["state_name"] == "Completed"
        assert serving.end()[0::2] == (0, [])
        assert {each["name"] for each in serving.api("deployments/filter", {})} == NAMES
    assert not (home / "prefect").exists()
    loaded = "select count(*) from ops.entries where outcome = 'loaded'"
    assert ask(home, loaded) == [(3,)]


def test_a_missing_path_and_a_missing_server_are_told_at_once(
    server: Server, folder: Path, home: Path, wirecopy: Wirecopy
) -> None:
    """No flow run begins: one sentence each, and the codes for a wrong line and for a failure."""
    before = post(server, "flow_runs/filter", {"flow_runs": ASKED_FOR})
    gone = wirecopy("ingest", folder / "gone", "--home", home, env=server.environment)
    assert gone.returncode == 2
    nobody = {"PREFECT_API_URL": f"http://127.0.0.1:{free_port()}/api"}
    alone = wirecopy("ingest", folder, "--home", home, env=nobody)
    assert alone.returncode == 1
    for done in (gone, alone):
        assert done.stderr.startswith("wirecopy: ")
        assert "Traceback" not in done.stderr
    after = post(server, "flow_runs/filter", {"flow_runs": ASKED_FOR})
    assert len(after) == len(before)
    assert not home.exists()


def test_another_program_on_the_port_is_not_taken_for_the_server(
    server: Server, tmp_path: Path
) -> None:
    """What answers there is not ours: an error that says so, and no process left."""
    port = int(server.environment["PREFECT_API_URL"].rpartition(":")[2].partition("/")[0])
    before = {child.pid for child in psutil.Process().children(recursive=True)}
    with pytest.raises(ServerUnavailable, match="is taken"), prefect_server(tmp_path, port):
        pass
    after = {child.pid for child in psutil.Process().children(recursive=True)}
    assert after <= before


def prefect(
    server: Server, home: Path, *words: str, limit_s: float = 120
) -> subprocess.CompletedProcess[str]:
    """Prefect's own command, in the checkout."""
    return subprocess.run(
        [sys.executable, "-m", "prefect", *words],
        cwd=ROOT,
        env={**server.environment, "WIRECOPY_HOME": str(home)},
        capture_output=True,
        text=True,
        timeout=limit_s,
        check=False,
    )


@pytest.fixture
def worker(server: Server, home: Path) -> Iterator[dict[str, str]]:
    """The three commands of the documentation, and a worker; gives the deployments' ids by name."""
    pool = prefect(server, home, "work-pool", "create", "--type", "process", "wirecopy")
    assert pool.returncode == 0, pool.stdout + pool.stderr
    limit = prefect(server, home, "gcl", "create", "wirecopy-writer", "--limit", "1")
    assert limit.returncode == 0, limit.stdout + limit.stderr
    deployed = prefect(server, home, "--no-prompt", "deploy", "--all")
    assert deployed.returncode == 0, deployed.stdout + deployed.stderr
    found = {str(e["name"]): str(e["id"]) for e in post(server, "deployments/filter", {})}
    # The worker is to run what the test asks for, and no tick of a schedule.
    post(server, f"deployments/{found['ingest']}/pause_deployment", {})
    process = subprocess.Popen(
        [sys.executable, "-m", "prefect", "worker", "start", "--pool", "wirecopy", "--limit", "1"],
        cwd=ROOT,
        env={
            **server.environment,
            "WIRECOPY_HOME": str(home),
            "PREFECT_WORKER_QUERY_SECONDS": "2",
        },
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    yield found
    process.terminate()
    process.wait(60)


def flow_run(server: Server, run_id: str) -> dict[str, object]:
    """A flow run as the server knows it."""
    (run,) = post(server, "flow_runs/filter", {"flow_runs": {"id": {"any_": [run_id]}}})
    return run


def test_a_worker_of_a_pool_runs_what_prefect_yaml_deploys(
    server: Server, worker: dict[str, str], folder: Path, home: Path, ask: Ask
) -> None:
    """A run with a parameter that there is not fails with a sentence; one with files loads them."""
    deployments = post(server, "deployments/filter", {})
    assert {str(each["name"]) for each in deployments} == set(worker) == NAMES
    for each in deployments:
        assert each["work_pool_name"] == "wirecopy"
        assert each["entrypoint"] == f"flows.orchestration.{each['name']}.{each['name']}"
        assert str(each["description"]).endswith(".")
        assert each["version"]

    place = f"deployments/{worker['ingest']}/create_flow_run"
    (wrong,) = post(server, place, {"parameters": {"source": ["port-alder"]}})
    wait_for(
        lambda: flow_run(server, str(wrong["id"]))["state_type"] == "FAILED", "the wrong run's end"
    )
    sentence = "There is no parameter 'source'; did you mean 'sources'?"
    state = flow_run(server, str(wrong["id"]))["state"]
    assert isinstance(state, dict)
    assert state["message"] == sentence
    of_run = {"logs": {"flow_run_id": {"any_": [wrong["id"]]}}}

    def lines() -> list[str]:
        return [str(each["message"]) for each in post(server, "logs/filter", of_run)]

    wait_for(lambda: sentence in lines(), "the sentence in the logs")
    assert [line for line in lines() if "Traceback" in line] == []
    assert not home.exists()

    asked = prefect(
        *(server, home, "deployment", "run", "ingest/ingest"),
        *("--params", json.dumps({"paths": [str(folder)]})),
    )
    run_id = re.search(r"UUID: ([0-9a-f-]{36})", asked.stdout)
    assert run_id is not None, asked.stdout + asked.stderr
    wait_for(lambda: flow_run(server, run_id[1])["state_type"] in ENDED, "the worker's run")
    assert flow_run(server, run_id[1])["state_name"] == "Completed"
    query = "select outcome, count(*) from ops.entries group by all order by all"
    assert ask(home, query) == [("loaded", 3), ("quarantined", 1000)]


def test_prefect_yaml_and_serve_say_the_same() -> None:
    """Names, entrypoints, tags, schedules and limits of the five deployments."""
    code = (
        "import json, yaml; from flows.orchestration.deployments import DEPLOYMENTS, TAG; "
        "print(json.dumps([[d.name, d.entrypoint, [TAG, *d.tags], [d.cron] if d.cron else [], "
        "d.is_one_at_a_time] for d in DEPLOYMENTS])); "
        "print(json.dumps([[d['name'], d['entrypoint'], d['tags'], [s['cron'] for s in "
        "d.get('schedules', [])], d.get('concurrency_limit') == {'limit': 1, "
        "'collision_strategy': 'ENQUEUE'}] for d in yaml.safe_load(open('prefect.yaml'))"
        "['deployments']]))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, check=True, capture_output=True, text=True
    )
    served, declared = map(json.loads, done.stdout.splitlines())
    assert served == declared
