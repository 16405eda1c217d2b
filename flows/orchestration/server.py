"""A local Prefect server, as a child process that is always stopped again."""

import contextlib
import ctypes
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

HOST = "127.0.0.1"
_START_S = 300
_STOP_S = 10
_SET_PARENT_DEATH_SIGNAL = 1  # PR_SET_PDEATHSIG, prctl(2)
_THE_USERS_OWN = ("PREFECT_API_KEY", "PREFECT_PROFILE", "PREFECT_PROFILES_PATH")


def server_environment(home: Path, port: int) -> dict[str, str]:
    """The environment of a server, and of what talks to it: own folder, no telemetry.

    The user's own Prefect profile is left out: it names another server.
    """
    kept = {key: value for key, value in os.environ.items() if key not in _THE_USERS_OWN}
    return {
        **kept,
        "PREFECT_HOME": str(home / "prefect"),
        "PREFECT_API_URL": f"http://{HOST}:{port}/api",
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "PREFECT_SERVER_UI_SHOW_PROMOTIONAL_CONTENT": "false",
        # In memory, slots that were held when the server is killed would be held for ever.
        "PREFECT_SERVER_CONCURRENCY_LEASE_STORAGE": (
            "prefect.server.concurrency.lease_storage.filesystem"
        ),
        "DO_NOT_TRACK": "1",
    }


def free_port() -> int:
    """A port nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


def require_free(port: int) -> None:
    """Make sure that nobody listens on a port: what answers there would be taken for our server.

    Raises:
        ServerUnavailable: Somebody does.
    """
    with socket.socket() as probe:
        if probe.connect_ex((HOST, port)) == 0:
            raise ServerUnavailable(f"Port {port} is taken by another program; choose another one.")


@contextmanager
def prefect_server(home: Path, port: int) -> Iterator[Mapping[str, str]]:
    """A server on loopback until the block ends; gives the environment to talk to it with.

    Raises:
        ServerUnavailable: The port is taken, the server ended at once, or it did not answer within
            five minutes.
    """
    require_free(port)
    environment = server_environment(home, port)
    process = start_server(home, port)
    try:
        wait_until_ready(process, home, port)
        yield environment
    finally:
        stop(process, _STOP_S)


def start_server(home: Path, port: int) -> subprocess.Popen[bytes]:
    """Start a server in a session of its own; it answers some seconds later."""
    log = _log(home)
    log.parent.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, "-m", "prefect", "server", "start"]
    with log.open("ab") as output:
        return subprocess.Popen(  # noqa: S603 - our own interpreter and fixed words
            [*command, "--host", HOST, "--port", str(port)],
            env=server_environment(home, port),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=_end_with_parent if sys.platform == "linux" else None,  # noqa: PLW1509 - one system call
        )


def _end_with_parent() -> None:
    """Ask the kernel for a SIGTERM when the parent is gone, were it by kill -9."""
    ctypes.CDLL(None).prctl(_SET_PARENT_DEATH_SIGNAL, signal.SIGTERM)


def _log(home: Path) -> Path:
    return home / "prefect" / "server.log"


def wait_until_ready(process: subprocess.Popen[bytes], home: Path, port: int) -> None:
    """Wait until a server that was started answers.

    Raises:
        ServerUnavailable: It ended, or did not answer within five minutes.
    """
    deadline = time.monotonic() + _START_S
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise ServerUnavailable(
                f"The Prefect server ended as it started (exit code {process.returncode}); "
                f"{_log(home)} says why."
            )
        if answers(f"http://{HOST}:{port}/api"):
            return
        time.sleep(0.3)
    raise ServerUnavailable(f"The Prefect server did not answer in {_START_S} s; see {_log(home)}.")


def read_url(url: str, *, timeout_s: float) -> bytes:
    """The body of a GET on the local server."""
    with urllib.request.urlopen(url, timeout=timeout_s) as answer:  # noqa: S310 - our own address
        return bytes(answer.read())


def answers(api_url: str) -> bool:
    """Whether a healthy Prefect server is at this address."""
    try:
        return read_url(f"{api_url}/health", timeout_s=2) == b"true"
    except (OSError, ValueError):
        return False


def require_answer(api_url: str, named_by: str = "PREFECT_API_URL") -> None:
    """Make sure that a server answers at this address, whatever it answers.

    Raises:
        ServerUnavailable: Nothing does.
    """
    try:
        read_url(f"{api_url}/health", timeout_s=10)
    except urllib.error.HTTPError as error:
        error.close()
    except (OSError, ValueError) as error:
        raise ServerUnavailable(
            f"{named_by} names {api_url}, where no server answers ({error}). Start it, or "
            "take the name away to run without one."
        ) from error


def stop(process: subprocess.Popen[bytes], patience_s: float) -> None:
    """End a child and all in its session: asked first, killed after `patience_s` seconds."""
    with contextlib.suppress(ProcessLookupError):
        os.kill(process.pid, signal.SIGTERM)
    try:
        process.wait(patience_s)
    except subprocess.TimeoutExpired:
        pass
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
