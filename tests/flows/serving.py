"""A real `wirecopy serve`: started, asked over its API, stopped, and its processes counted."""

from __future__ import annotations

import gzip
import json
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil

ROOT = Path(__file__).resolve().parents[2]
ENDED = {"COMPLETED", "FAILED", "CRASHED", "CANCELLED"}
ASKED_FOR = {"created_by": {"is_null_": True}}
"""The flow runs that no schedule made, as the server is asked for them."""
LONG_S = 300
"""How long anything may take before a test gives up: much longer than it does."""


def wait_for(condition: Callable[[], Any], what: str, limit_s: float = LONG_S) -> Any:
    """The first true answer to a question that is asked again and again."""
    deadline = time.monotonic() + limit_s
    while time.monotonic() < deadline:
        if answer := condition():
            return answer
        time.sleep(0.1)
    raise AssertionError(f"{what}: not within {limit_s:g} s")


@dataclass
class Serving:
    """One `wirecopy serve` and what it said."""

    home: Path
    port: int
    environment: Mapping[str, str]
    process: subprocess.Popen[bytes] | None = None

    @property
    def ui_url(self) -> str:
        """Where a browser looks."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def log(self) -> Path:
        """What it printed."""
        return self.home.with_name(f"{self.home.name}.log")

    def start(self) -> None:
        """Start it and wait until it says where the UI is."""
        command = [sys.executable, "-m", "flows.cli", "serve", "--port", str(self.port)]
        # Profiles of whoever runs the tests are not to be seen.
        own = {"HOME": str(self.home.parent), "WIRECOPY_HOME": str(self.home)}
        with self.log.open("wb") as output:
            self.process = subprocess.Popen(
                command,
                cwd=ROOT,
                env={**self.environment, **own},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
            )
        wait_for(self._is_ready, "the UI's address")

    def _is_ready(self) -> bool:
        assert self.process is not None
        text = self.log.read_text()
        assert self.process.poll() is None, text
        return f"Prefect UI: {self.ui_url}\n" in text and "Ctrl-C stops everything" in text

    def processes(self) -> list[psutil.Process]:
        """It and all that it started, down to the last."""
        assert self.process is not None
        own = psutil.Process(self.process.pid)
        return [own, *own.children(recursive=True)]

    def end(self, number: int = signal.SIGTERM) -> tuple[int, float, list[psutil.Process]]:
        """Send it a signal; its exit code, the seconds it took, and the processes it left behind."""
        assert self.process is not None
        all_of_it = self.processes()
        started = time.monotonic()
        self.process.send_signal(number)
        code = self.process.wait(LONG_S)
        seconds = time.monotonic() - started
        _, alive = psutil.wait_procs(all_of_it, timeout=30)
        self.process = None
        return code, seconds, alive

    def api(self, path: str, body: object = None, method: str | None = None) -> Any:
        """What the server answers; asked again where its database was busy."""
        for _ in range(50):
            request = urllib.request.Request(  # noqa: S310 - a server of ours on loopback
                f"{self.ui_url}/api/{path}",
                data=None if body is None else json.dumps(body).encode(),
                headers={"Content-Type": "application/json"},
                method=method,
            )
            try:
                with urllib.request.urlopen(request, timeout=60) as answer:  # noqa: S310 - as above
                    text = answer.read()
                    return json.loads(text) if text else None
            except urllib.error.HTTPError as error:
                if error.code != 503:
                    return {"status": error.code, "text": error.read().decode()}
                error.close()
                time.sleep(0.2)
        raise AssertionError(f"{path}: the server's database stays busy")

    def deployment(self, name: str) -> dict[str, Any]:
        """A deployment as the server holds it."""
        found = self.api(f"deployments/name/{name}/{name}")
        assert isinstance(found, dict)
        return found

    def stop_schedules(self) -> None:
        """Let nothing happen by itself: a tick in the middle of a test would hold the warehouse."""
        for name in ("ingest", "maintain"):
            found = self.deployment(name)
            for schedule in found["schedules"]:
                place = f"deployments/{found['id']}/schedules/{schedule['id']}"
                self.api(place, {"active": False}, "PATCH")

    def submit(self, name: str, **parameters: object) -> dict[str, Any]:
        """Ask for a run of a deployment, as the form does."""
        place = f"deployments/{self.deployment(name)['id']}/create_flow_run"
        found = self.api(place, {"parameters": parameters, "state": {"type": "SCHEDULED"}})
        assert isinstance(found, dict)
        return found

    def ended(self, flow_run_id: str) -> dict[str, Any]:
        """A run when it has ended."""
        found = wait_for(lambda: self._if_ended(flow_run_id), f"the end of run {flow_run_id}")
        assert isinstance(found, dict)
        return found

    def told(self, flow_run_id: str, sentence: str) -> dict[str, Any]:
        """A run that failed, when its state says why; Prefect has its own words for it at first."""

        def found() -> dict[str, Any] | None:
            run = self.api(f"flow_runs/{flow_run_id}")
            assert isinstance(run, dict)
            has_failed = run["state_type"] == "FAILED"
            return run if has_failed and sentence in str(run["state"]["message"]) else None

        run = wait_for(found, f"{sentence!r} in the state of run {flow_run_id}")
        assert isinstance(run, dict)
        return run

    def _if_ended(self, flow_run_id: str) -> dict[str, Any] | None:
        found = self.api(f"flow_runs/{flow_run_id}")
        return found if found["state_type"] in ENDED else None

    def asked_for(self) -> int:
        """How many runs somebody asked for; the scheduler adds others at any moment."""
        return int(self.api("flow_runs/count", {"flow_runs": ASKED_FOR}))

    def run(self, name: str, **parameters: object) -> dict[str, Any]:
        """Submit, and wait for the end."""
        return self.ended(self.submit(name, **parameters)["id"])

    def loaded_batches(self, flow_run_id: str) -> int:
        """How many batches of a run are committed so far."""
        asked = {
            "flow_runs": {"id": {"any_": [flow_run_id]}},
            "task_runs": {"state": {"type": {"any_": ["COMPLETED"]}}},
        }
        return len(self.api("task_runs/filter", asked))

    def process_of(self, flow_run_id: str) -> psutil.Process | None:
        """The process that a flow run is."""
        for process in self.processes():
            try:
                if process.environ().get("PREFECT__FLOW_RUN_ID") == flow_run_id:
                    return process
            except (psutil.NoSuchProcess, psutil.AccessDenied):
                continue
        return None

    def artifacts(self, flow_run_id: str) -> dict[str, Any]:
        """The artifacts of a run by key."""
        asked = {"artifacts": {"flow_run_id": {"any_": [flow_run_id]}}}
        return {each["key"]: each for each in self.api("artifacts/filter", asked) if each["key"]}

    def logs(self, flow_run_id: str) -> list[str]:
        """The log lines of a run."""
        asked = {"logs": {"flow_run_id": {"any_": [flow_run_id]}}, "sort": "TIMESTAMP_ASC"}
        return [each["message"] for each in self.api("logs/filter", asked)]


def write_warc(path: Path, pages: Mapping[str, str], at: str) -> Path:
    """A web archive with a response for each address, captured at one time."""
    with path.open("wb") as output:
        for number, (url, text) in enumerate(pages.items()):
            body = text.encode()
            head = (
                f"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: {len(body)}\r\n\r\n"
            )
            block = head.encode() + body
            fields = {
                "WARC-Type": "response",
                "WARC-Record-ID": f"<urn:uuid:00000000-0000-0000-0000-{number:012}>",
                "WARC-Date": at,
                "WARC-Target-URI": url,
                "Content-Type": "application/http; msgtype=response",
                "Content-Length": str(len(block)),
            }
            lines = "".join(f"{name}: {value}\r\n" for name, value in fields.items())
            record = f"WARC/1.0\r\n{lines}\r\n".encode() + block + b"\r\n\r\n"
            output.write(gzip.compress(record, 1))  # each in a member of its own
    return path


def clean_environment() -> dict[str, str]:
    """The environment of this process without what would point a run elsewhere."""
    own = {"PREFECT_API_URL", "PREFECT_HOME", "PREFECT_PROFILE", "WIRECOPY_HOME"}
    return {key: value for key, value in os.environ.items() if key not in own}
