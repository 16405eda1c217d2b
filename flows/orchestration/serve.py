"""`wirecopy serve`: one process, two children, all gone when it ends.

    serve ── the Prefect server, unless one is configured
       └──── the runner ── a process for each flow run ── its extraction workers

Both children lead sessions of their own, so Ctrl-C reaches only this process, which then stops the
runner (its flow runs are cancelled: what was committed stays) and after it the server. A child that
dies is started again. Should this process be killed, the children notice and end by themselves.
"""

import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

import click

from flows.errors import ServerUnavailable
from flows.orchestration.known_servers import KnownServer, configured_server, recorded_server
from flows.orchestration.server import (
    HOST,
    require_answer,
    require_free,
    server_environment,
    start_server,
    stop,
    wait_until_ready,
)
from flows.settings import HOME_VARIABLE, Settings

_RUNNER_STOP_S = 20.0
_SERVER_STOP_S = 8.0
_LOOK_S = 0.3
_MOST_STARTS = 6
_STARTS_WITHIN_S = 600.0


def serve(settings: Settings, port: int) -> None:
    """Serve until interrupted (KeyboardInterrupt, which SIGTERM is too), then stop everything.

    Args:
        settings: Where the data is.
        port: Where the server of this home listens; of no use where another server is configured.

    Raises:
        ServerUnavailable: The port is taken, or the server or the runner does not start.
    """
    configured = configured_server()
    if configured:
        require_answer(configured.api_url, configured.named_by)
    else:
        require_free(port)
    settings.home.mkdir(parents=True, exist_ok=True)
    api_url = f"http://{HOST}:{port}/api"
    own = KnownServer(api_url, "`wirecopy serve`", settings.home / "prefect")
    server = configured or own
    with _stopped(_Children(settings, None if configured else port)) as children:
        if configured:
            click.echo(f"Using the server that {server.named_by} names: {server.api_url}")
        else:
            click.echo(f"Starting a Prefect server in {server.prefect_home} …")
            children.start_server()
        children.start_runner()
        with recorded_server(settings.home, server):
            click.echo(f"Prefect UI: {server.ui_url}\nData folder: {settings.home}")
            click.echo("Schedules run as long as this does; Ctrl-C stops everything.")
            children.watch()


@dataclass(slots=True)
class _Children:
    """The children; `port` is None where the server is not ours."""

    settings: Settings
    port: int | None
    server: subprocess.Popen[bytes] | None = None
    runner: subprocess.Popen[bytes] | None = None

    def start_server(self) -> None:
        if self.port is not None:
            self.server = start_server(self.settings.home, self.port)
            wait_until_ready(self.server, self.settings.home, self.port)

    def start_runner(self) -> None:
        owned = ["--owns-server"] if self.port is not None else []
        readable, writable = os.pipe()
        with open(readable, "rb") as told:  # noqa: PTH123 - a descriptor, not a path
            self.runner = subprocess.Popen(  # noqa: S603 - our own interpreter and fixed words
                [sys.executable, "-m", "flows.orchestration.runner", str(writable), *owned],
                env=self._environment(),
                stdin=subprocess.PIPE,  # never written to: its end tells that we are gone
                pass_fds=(writable,),
                start_new_session=True,
            )
            os.close(writable)
            if not told.read():
                raise ServerUnavailable(
                    f"The runner did not start (exit code {self.runner.wait()}); "
                    "its messages stand above."
                )

    def _environment(self) -> Mapping[str, str]:
        home = self.settings.home
        environment = os.environ if self.port is None else server_environment(home, self.port)
        return {**environment, HOME_VARIABLE: str(home), "DO_NOT_TRACK": "1"}

    def watch(self) -> None:
        """Start again what dies, until interrupted or it dies too often."""
        starts: list[float] = []
        while True:
            time.sleep(_LOOK_S)
            for name, child, start in (
                ("Prefect server", self.server, self.start_server),
                ("runner", self.runner, self.start_runner),
            ):
                if child is None or child.poll() is None:
                    continue
                now = time.monotonic()
                starts = [at for at in starts if at > now - _STARTS_WITHIN_S] + [now]
                ended = f"The {name} ended (exit code {child.returncode})"
                if len(starts) > _MOST_STARTS:
                    raise ServerUnavailable(f"{ended} once more; it is not started again.")
                stop(child, 0)  # what it started and left behind
                click.echo(f"{ended}; starting it again.", err=True)
                start()


@contextmanager
def _stopped(children: _Children) -> Iterator[_Children]:
    """Stop the children when the block ends, the runner first: it reports to the server."""
    try:
        yield children
    finally:
        try:
            if children.runner is not None:
                stop(children.runner, _RUNNER_STOP_S)
        finally:
            # Also when somebody loses patience and interrupts once more.
            if children.server is not None:
                stop(children.server, _SERVER_STOP_S)
