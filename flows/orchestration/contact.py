"""Talking to the server from inside a flow run that does not depend on it.

Prefect's client tries a server that is gone for a minute, at every request; a run that asks two
things a batch would take hours for minutes of work. So it looks first whether anybody is there, and at
its end waits for a server that is being started again, but not for ever.
"""

import logging
import socket
import time
from collections.abc import Callable
from functools import cache
from typing import TypeVar
from urllib.parse import urlsplit

from prefect.context import SettingsContext, get_settings_context
from prefect.logging import get_run_logger
from prefect.settings import PREFECT_API_URL, PREFECT_CLIENT_MAX_RETRIES, Settings

from flows.orchestration.artifacts import one_line

_CONNECT_S = 2.0
_LOOK_S = 1.0
_TRIES = 2
"""How often a request of ours is tried again: some six seconds, where Prefect takes 62."""
_EVENTS = "prefect.events.clients"
_SERVICES = "prefect._internal.concurrency"

T = TypeVar("T")


def attempted(what: str, talk: Callable[[], T]) -> T | None:
    """What the server answers; None where it is gone or something else goes wrong, which is logged.

    Args:
        what: What is missing then, for the log.
        talk: Talks with the server, through Prefect's own client.
    """
    if not _is_there():
        return None
    try:
        with _tries(_TRIES):
            return talk()
    except Exception as error:  # noqa: BLE001 - of any kind: no article depends on it
        get_run_logger().warning("%s: %s", what, one_line(error))
        return None


class _Known:
    """Whether the server was there when last looked for, and whether it is waited for no more."""

    is_there = True
    has_given_up = False


def is_back(within_s: float) -> bool:
    """Wait for a server that is gone; whether it is there at last.

    Where it is not, nothing is expected of it any more: what Prefect still wants to tell it fails at
    once and says nothing, instead of trying for minutes.
    """
    deadline = time.monotonic() + within_s
    while not _is_there():
        if time.monotonic() >= deadline:
            if not _Known.has_given_up:
                _Known.has_given_up = True
                _tries(0).__enter__()  # and never left: the run is over
                logging.disable(logging.CRITICAL)
            return False
        time.sleep(_LOOK_S)
    return True


def _tries(retries: int) -> SettingsContext:
    """Prefect's settings, with as many tries again of each request."""
    return SettingsContext(
        profile=get_settings_context().profile, settings=_settings(PREFECT_API_URL.value(), retries)
    )


@cache
def _settings(_api_url: str | None, retries: int) -> Settings:
    # Made once for a server: a copy takes 20 ms of CPU.
    current = get_settings_context().settings
    return current.copy_with_update(updates={PREFECT_CLIENT_MAX_RETRIES: retries})


def _is_there() -> bool:
    """Whether somebody listens where the server is; told in the log when that changes."""
    is_there = _listens(PREFECT_API_URL.value())
    if is_there is not _Known.is_there:
        _Known.is_there = is_there
        if is_there:
            get_run_logger().info("The Prefect server answers again.")
        else:
            get_run_logger().warning("The Prefect server is gone; the run goes on without it.")
    return is_there


def _listens(api_url: str | None) -> bool:
    if not api_url:
        return True  # Prefect starts a server of its own then
    url = urlsplit(api_url)
    port = url.port or (443 if url.scheme == "https" else 80)
    try:
        socket.create_connection((url.hostname or "", port), _CONNECT_S).close()
    except OSError:
        return False
    return True


def has_given_up() -> bool:
    """Whether nothing is expected of the server any more."""
    return _Known.has_given_up


def quieten() -> None:
    """Leave out of logs and terminal what Prefect says at length of a server that is gone.

    It prints each event it could not send, all of it, and each failure to send log lines.
    """
    logging.raiseExceptions = False
    for name in (_EVENTS, _SERVICES):
        logging.getLogger(name).addFilter(_is_no_lost_event)


def _is_no_lost_event(record: logging.LogRecord) -> bool:
    return not str(record.msg).startswith(("Unable to connect to %r", "Service %r failed to"))
