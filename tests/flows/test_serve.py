"""`wirecopy serve`: what it registers, and that it stops, starts again and mends itself."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import psutil
import pytest

from flows.orchestration.known_servers import configured_server, find_server, running_server
from flows.orchestration.server import free_port
from tests.flows.serving import ROOT, Serving, clean_environment, wait_for

Wirecopy = Callable[..., "subprocess.CompletedProcess[str]"]
Compose = Callable[[str], str]
Ask = Callable[[Path, str], list[tuple[object, ...]]]
Contents = Callable[[Path], dict[str, list[str]]]

pytestmark = pytest.mark.timeout(900)  # a busy machine is no failure

NAMES = {"ingest", "backfill", "reprocess", "publish", "maintain"}


@pytest.mark.server
def test_every_deployment_says_what_it_is(served: Serving) -> None:
    """Description, tags, version, a module as entrypoint, a form that takes nothing else."""
    found = {each["name"]: each for each in served.api("deployments/filter", {})}

    assert found.keys() == NAMES
    for name, each in found.items():
        assert each["entrypoint"] == f"flows.orchestration.{name}.{name}"
        assert each["description"].endswith(".")
        assert each["tags"][0] == "wirecopy"
        assert len(each["tags"]) == 2
        assert each["version"]
        assert each["enforce_parameter_schema"] is True
        form = each["parameter_openapi_schema"]
        assert form["additionalProperties"] is False
        assert [key for key, field in form["properties"].items() if not field["description"]] == []
    crons = {
        name: [s["schedule"]["cron"] for s in each["schedules"]] for name, each in found.items()
    }
    assert {name for name, cron in crons.items() if cron} == {"ingest", "maintain"}
    assert found["ingest"]["concurrency_options"]["collision_strategy"] == "ENQUEUE"


@pytest.mark.server
def test_the_form_offers_what_there_is(served: Serving) -> None:
    """The sources of the registry, the archives, dates; a source added later soon after."""

    def fields() -> dict[str, Any]:
        found = served.deployment("backfill")["parameter_openapi_schema"]
        assert isinstance(found, dict)
        return dict(found["properties"])

    form = fields()
    assert form["sources"]["items"]["enum"] == ["harrow-vale", "port-alder"]
    assert form["archive"]["enum"] == ["landed", "sitemap", "warc", "wayback"]
    assert {form[name]["format"] for name in ("since", "until")} == {"date"}
    registry = served.home / "sources.toml"
    before = registry.read_text()
    kelm = (
        '[[source]]\nslug = "kelm"\nurl = "https://kelm.example/"\nkind = "page"\nenabled = false\n'
    )
    registry.write_text(before + kelm)
    wait_for(lambda: "kelm" in fields()["sources"]["items"]["enum"], "the new source in the form")
    registry.write_text(before)
    wait_for(lambda: "kelm" not in fields()["sources"]["items"]["enum"], "the old form")


@pytest.mark.server
def test_the_server_is_this_homes_own_and_tells_nobody(served: Serving) -> None:
    """Its database in the data folder, no telemetry, one writer at a time, and a note of it."""
    assert (served.home / "prefect" / "prefect.db").is_file()
    settings = served.api("admin/settings")
    assert settings["server"]["analytics_enabled"] is False
    limit = served.api("v2/concurrency_limits/wirecopy-writer")
    assert (limit["limit"], limit["active"]) == (1, True)
    note = json.loads((served.home / "live" / "server.json").read_text())
    assert note["api_url"] == f"{served.ui_url}/api"
    known = running_server(served.home)
    assert known is not None
    assert known.ui_url == served.ui_url
    assert known.prefect_home == served.home / "prefect"


@pytest.mark.server
@pytest.mark.parametrize(
    ("name", "parameters", "sentence"),
    [
        (
            "backfill",
            {"since": "2026-01-01", "until": "2026-01-02", "surprise": 1},
            "'surprise' was",
        ),
        (
            "backfill",
            {"since": "2026-01-01", "until": "2026-01-02", "sources": ["x"]},
            "'x' is not",
        ),
        ("backfill", {"since": "2026-01-01", "until": "2026-01-02", "archive": "x"}, "'x' is not"),
        ("backfill", {"since": "1 May", "until": "2026-01-02"}, "does not match"),
        ("backfill", {"since": "2026-01-01"}, "'until' is a required"),
        ("ingest", {"source": ["port-alder"]}, "'source' was unexpected"),
    ],
)
def test_what_does_not_fit_the_form_is_refused_at_once(
    served: Serving, name: str, parameters: dict[str, object], sentence: str
) -> None:
    """One sentence, and no run is made of it."""
    before = served.asked_for()
    refused = served.submit(name, **parameters)

    assert refused["status"] == 409
    assert sentence in refused["text"]
    assert served.asked_for() == before


@pytest.mark.server
@pytest.mark.parametrize(
    ("parameters", "sentence"),
    [
        (
            {"since": "2026-01-01", "until": "2026-01-02", "source": ["x"]},
            "There is no parameter 'source'; did you mean 'sources'?",
        ),
        ({"since": "2026-01-01"}, "The parameter 'until' is missing."),
        (
            {"since": "2026-02-30", "until": "2026-03-01"},
            "The parameter 'since' cannot be taken: input should be a valid date",
        ),
    ],
)
def test_what_gets_past_the_form_is_told_in_the_state_of_the_run(
    served: Serving, parameters: dict[str, object], sentence: str
) -> None:
    """An API may ask for a run without a look at the form: one sentence, no traceback, no work."""
    place = f"deployments/{served.deployment('backfill')['id']}/create_flow_run"
    made = served.api(place, {"parameters": parameters, "enforce_parameter_schema": False})

    run = served.told(made["id"], sentence)
    assert run["state"]["message"].startswith(sentence)
    assert "\n" not in run["state"]["message"]
    wait_for(lambda: run["state"]["message"] in served.logs(made["id"]), "the sentence in the logs")
    assert [line for line in served.logs(made["id"]) if "Traceback" in line] == []
    assert served.artifacts(made["id"]) == {}


def _fails_fast(taken: int, wirecopy: Wirecopy, home: Path) -> subprocess.CompletedProcess[str]:
    before = {child.pid for child in psutil.Process().children(recursive=True)}
    done = wirecopy("serve", "--port", taken, "--home", home)
    assert {child.pid for child in psutil.Process().children(recursive=True)} <= before
    return done


def test_a_port_in_use_is_told_in_one_sentence(wirecopy: Wirecopy, home: Path) -> None:
    """Exit code 1, nothing started, nothing written."""
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        done = _fails_fast(other.getsockname()[1], wirecopy, home)

    assert done.returncode == 1
    assert done.stderr.startswith("wirecopy: Port ")
    assert done.stderr.count("\n") == 1
    assert not home.exists()


def test_the_active_profile_is_noticed(
    tmp_path: Path, wirecopy: Wirecopy, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A server that it names is the one to use; where nothing answers there, that is told."""
    for name in ("PREFECT_API_URL", "PREFECT_PROFILE", "PREFECT_PROFILES_PATH"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PREFECT_HOME", str(tmp_path))
    assert configured_server() is None
    assert find_server(home) is None
    url = f"http://127.0.0.1:{free_port()}/api"
    profiles = f'active = "work"\n[profiles.work]\nPREFECT_API_URL = "{url}"\n[profiles.idle]\n'
    (tmp_path / "profiles.toml").write_text(profiles)
    found = configured_server()
    assert found is not None
    assert (found.api_url, found.named_by) == (url, "the Prefect profile 'work'")
    done = wirecopy("serve", "--home", home, env={"PREFECT_HOME": str(tmp_path)})
    assert done.returncode == 1
    assert done.stderr.startswith(f"wirecopy: the Prefect profile 'work' names {url}")
    assert not home.exists()
    monkeypatch.setenv("PREFECT_PROFILE", "idle")
    assert configured_server() is None


def test_a_note_of_a_server_that_is_gone_is_not_believed(home: Path) -> None:
    """Nor one that is no note."""
    (home / "live").mkdir(parents=True)
    for note in ('{"api_url": "http://127.0.0.1:9/api", "is_own": true}', "{", "[]", '"x"'):
        (home / "live" / "server.json").write_text(note)
        assert running_server(home) is None


@pytest.fixture
def hook() -> Iterator[tuple[str, list[str]]]:
    """A chat's web hook on loopback: its address as Apprise writes it, and what it was sent."""
    sent: list[str] = []

    class Hook(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            sent.append(self.rfile.read(int(self.headers["Content-Length"])).decode())
            self.send_response(200)
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - as the base has it
            pass

    with HTTPServer(("127.0.0.1", 0), Hook) as listening:
        thread = Thread(target=listening.serve_forever)
        thread.start()
        yield f"json://127.0.0.1:{listening.server_port}/", sent
        listening.shutdown()
        thread.join()


@pytest.mark.server
def test_the_alert_of_the_documentation_tells_of_a_run_that_failed(
    served: Serving, hook: tuple[str, list[str]], tmp_path: Path
) -> None:
    """Its commands as they stand there; then a run fails, and its sentence is sent to the hook."""
    text = (ROOT / "docs" / "operations.md").read_text()
    recipe = re.search(r"```sh\n(export [^`]*automation create[^`]*)```", text)
    assert recipe is not None
    commands = recipe[1].replace("http://127.0.0.1:4200", served.ui_url)
    commands = commands.replace(".venv/bin/", f"{sys.prefix}/bin/")
    make_block, _, make_alert = commands.partition("sed -i")
    url, sent = hook
    own = {"HOME": str(tmp_path), "PREFECT_HOME": str(tmp_path), "HOOK": url}

    def shell(script: str, **more: str) -> str:
        done = subprocess.run(
            ["bash", "-ec", script],
            cwd=tmp_path,
            env={**clean_environment(), **own, **more},
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    block_id = shell(make_block).split()[-1]
    shell(
        "sed -i" + make_alert.replace("THE-ID-PRINTED-ABOVE", block_id),
        PREFECT_API_URL=f"{served.ui_url}/api",
    )
    try:
        run = served.run("backfill", since="2026-03-31", until="2026-03-01")
        wait_for(lambda: sent, "the alert")
    finally:
        for automation in served.api("automations/filter", {}):
            served.api(f"automations/{automation['id']}", method="DELETE")
    message = json.loads(sent[0])
    assert message["title"] == f"wirecopy: {run['name']} is Failed"
    assert message["message"].startswith(run["state"]["message"])
    assert run["id"] in message["message"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, article_text: Compose) -> Path:
    """Five batches: some articles each, and many lines that are no records."""
    folder = tmp_path_factory.mktemp("in")
    at = "2026-03-01T12:00:00Z"
    for part in range(5):
        subjects = [f"{what} number {part}" for what in ("lock bridge", "corn market")]
        records = [{"id": s, "text": article_text(s), "fetched_at": at} for s in subjects]
        lines = "".join(json.dumps(record) + "\n" for record in records) + "[]\n" * 498
        (folder / f"{part}.jsonl").write_text(lines)
    return folder


@pytest.fixture
def own(tmp_path: Path) -> Iterator[Serving]:
    """A `wirecopy serve` that may be harmed."""
    serving = Serving(tmp_path / "own", free_port(), clean_environment())
    serving.start()
    yield serving
    if serving.process is not None:
        assert serving.end()[2] == []


@pytest.mark.server
def test_it_stops_starts_again_and_mends_itself(
    own: Serving, folder: Path, tmp_path: Path, wirecopy: Wirecopy, public: Contents, ask: Ask
) -> None:
    """A second run waits, Ctrl-C leaves nothing behind, a restart keeps what was set, a killed server
    stops no run.
    """
    ingest = own.deployment("ingest")
    (schedule,) = ingest["schedules"]
    assert schedule["active"] is True
    place = f"deployments/{ingest['id']}/schedules"
    changed = {"schedule": {"cron": "7 5 * * *", "timezone": "Europe/Paris"}, "active": False}
    own.api(f"{place}/{schedule['id']}", changed, "PATCH")
    assert len(own.processes()) >= 3
    cut = own.submit("ingest", paths=[str(folder)])
    wait_for(lambda: own.loaded_batches(cut["id"]), "the first batch")
    process = own.process_of(cut["id"])
    assert process is not None
    process.suspend()
    second = f"flow_runs/{own.submit('ingest', paths=[str(folder)])['id']}"
    wait_for(lambda: own.api(second)["state_name"] == "AwaitingConcurrencySlot", "its turn")
    assert own.api(f"flow_runs/{cut['id']}")["state_name"] == "Running"
    own.api(second, method="DELETE")
    process.resume()
    code, seconds, alive = own.end(signal.SIGINT)
    assert (code, alive) == (0, [])
    assert seconds < 40
    assert own.log.read_text().endswith("Stopped; what was committed stays.\n")
    assert not (own.home / "live" / "server.json").exists()

    own.start()
    again = own.deployment("ingest")
    assert again["id"] == ingest["id"]
    ((cron, zone, active),) = (
        (s["schedule"]["cron"], s["schedule"]["timezone"], s["active"]) for s in again["schedules"]
    )
    assert (cron, zone, active) == ("7 5 * * *", "Europe/Paris", False)
    assert len(own.api("deployments/filter", {})) == len(NAMES)
    # Crashed where the server was gone before the run could tell it: a busy machine.
    assert own.ended(cut["id"])["state_name"] in {"Cancelled", "Crashed"}

    run = own.submit("ingest", paths=[str(folder)])
    wait_for(lambda: own.loaded_batches(run["id"]), "the first batch")
    server = next(p for p in own.processes() if "prefect server start" in " ".join(p.cmdline()))
    for process in [server, *server.children(recursive=True)]:
        process.kill()
    psutil.wait_procs([server], timeout=30)
    wait_for(lambda: running_server(own.home), "the server again")
    wait_for(lambda: "The Prefect server ended" in own.log.read_text(), "the message")
    ended = own.ended(run["id"])
    assert ended["state_name"] == "Completed", ended["state"]["message"]
    assert ended["state"]["message"].startswith("2,500 inputs")
    assert set(own.artifacts(run["id"])) >= {"ingest-outcomes", "ingest-summary"}
    again = own.run("ingest", paths=[str(folder)])
    assert again["state"]["message"] == "Nothing new: all 2,500 inputs are as they were."
    assert wirecopy("audit", "--home", own.home).returncode == 0
    direct = tmp_path / "direct"
    assert wirecopy("ingest", folder, "--home", direct).returncode == 0
    assert public(own.home) == public(direct)
    assert ask(own.home, "select count(*) from ops.runs where status = 'running'") == [(0,)]

    children = own.processes()
    assert own.process is not None
    os.kill(own.process.pid, signal.SIGKILL)
    own.process.wait()
    own.process = None
    assert psutil.wait_procs(children, timeout=60)[1] == []
