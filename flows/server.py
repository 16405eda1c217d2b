"""A local Prefect server, as a child process that is always stopped again."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from flows.errors import ServerUnavailable

_HOST = "127.0.0.1"
_START_S = 120
_STOP_S = 10


def server_environment(home: Path, port: int) -> dict[str, str]:
    """The environment of a server, and of what talks to it: own folder, no telemetry."""
    return {
        **os.environ,
        "PREFECT_HOME": str(home / "prefect"),
        "PREFECT_API_URL": f"http://{_HOST}:{port}/api",
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "PREFECT_SERVER_UI_SHOW_PROMOTIONAL_CONTENT": "false",
        "DO_NOT_TRACK": "1",
    }


def free_port() -> int:
    """A port nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind((_HOST, 0))
        return int(probe.getsockname()[1])


@contextmanager
def prefect_server(home: Path, port: int) -> Iterator[Mapping[str, str]]:
    """A server on loopback until the block ends; gives the environment to talk to it with.

    Raises:
        ServerUnavailable: The port is taken, the server ended at once, or it did not answer within
            two minutes.
    """
    with socket.socket() as probe:
        # What answers there would be taken for the server that could not start.
        if probe.connect_ex((_HOST, port)) == 0:
            raise ServerUnavailable(f"Port {port} is taken by another program; choose another one.")
    environment = server_environment(home, port)
    log = home / "prefect" / "server.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, "-m", "prefect", "server", "start"]
    with log.open("wb") as output:
        process = subprocess.Popen(  # noqa: S603 - our own interpreter and fixed words
            [*command, "--host", _HOST, "--port", str(port)],
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        _wait_until_ready(process, environment["PREFECT_API_URL"], log)
        yield environment
    finally:
        _stop(process)


def _wait_until_ready(process: subprocess.Popen[bytes], api_url: str, log: Path) -> None:
    deadline = time.monotonic() + _START_S
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise ServerUnavailable(
                f"The Prefect server ended as it started (exit code {process.returncode}); "
                f"{log} says why."
            )
        with contextlib.suppress(OSError):
            if read_url(f"{api_url}/health", timeout_s=2) == b"true":
                return
        time.sleep(0.3)
    raise ServerUnavailable(f"The Prefect server did not answer within {_START_S} s; see {log}.")


def read_url(url: str, *, timeout_s: float) -> bytes:
    """The body of a GET on the local server."""
    with urllib.request.urlopen(url, timeout=timeout_s) as answer:  # noqa: S310 - our own address
        return bytes(answer.read())


def require_answer(api_url: str) -> None:
    """Make sure that a server answers at this address, whatever it answers.

    Raises:
        ServerUnavailable: Nothing does.
    """
    try:
        read_url(f"{api_url}/health", timeout_s=10)
    except urllib.error.HTTPError as error:
        error.close()
    except OSError as error:
        raise ServerUnavailable(
            f"PREFECT_API_URL names {api_url}, where no server answers ({error}). Start it, or "
            "unset the variable to run without one."
        ) from error


def _stop(process: subprocess.Popen[bytes]) -> None:
    """End the server and whatever it started."""
    for ending in (signal.SIGTERM, signal.SIGKILL):
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, ending)
        try:
            process.wait(_STOP_S)
        except subprocess.TimeoutExpired:
            continue
        return
