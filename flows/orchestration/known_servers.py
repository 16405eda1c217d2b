"""Which Prefect server to talk to: the one that is configured, else the one that runs for this home.

Read without importing Prefect, which takes seconds.
"""

import contextlib
import json
import os
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from flows.orchestration.server import answers

_RECORD = Path("live", "server.json")


@dataclass(frozen=True, slots=True)
class KnownServer:
    """A server's API, who names it, and the Prefect home to use with it (None: the user's own)."""

    api_url: str
    named_by: str
    prefect_home: Path | None = None

    @property
    def ui_url(self) -> str:
        """Where a person looks at it."""
        return self.api_url.rstrip("/").removesuffix("/api")


def configured_server() -> KnownServer | None:
    """The server that PREFECT_API_URL or the active Prefect profile names."""
    if api_url := os.environ.get("PREFECT_API_URL"):
        return KnownServer(api_url, "PREFECT_API_URL")
    home = Path(os.environ.get("PREFECT_HOME") or Path.home() / ".prefect").expanduser()
    path = Path(os.environ.get("PREFECT_PROFILES_PATH") or home / "profiles.toml").expanduser()
    profiles: dict[str, object] = {}
    with contextlib.suppress(OSError, tomllib.TOMLDecodeError, UnicodeDecodeError):
        profiles = tomllib.loads(path.read_text(encoding="utf-8"))
    name = os.environ.get("PREFECT_PROFILE") or profiles.get("active")
    named = profiles.get("profiles")
    settings = named.get(name) if isinstance(named, dict) else None
    api_url = settings.get("PREFECT_API_URL") if isinstance(settings, dict) else None
    return KnownServer(str(api_url), f"the Prefect profile {name!r}") if api_url else None


def running_server(home: Path) -> KnownServer | None:
    """The server that a `wirecopy serve` runs for this data folder at this moment."""
    try:
        recorded = json.loads((home / _RECORD).read_text(encoding="utf-8"))
        api_url = str(recorded["api_url"])
        is_own = bool(recorded["is_own"])
    except (OSError, ValueError, TypeError, KeyError):
        return None
    if not answers(api_url):
        return None
    return KnownServer(api_url, f"`wirecopy serve` on {home}", home / "prefect" if is_own else None)


def find_server(home: Path) -> KnownServer | None:
    """The server a command is to use: configured, else running for this home, else none."""
    return configured_server() or running_server(home)


@contextmanager
def recorded_server(home: Path, server: KnownServer) -> Iterator[None]:
    """Leave a note for other commands of where this home's server is, as long as it runs."""
    path = home / _RECORD
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(".new")
    record = {
        "api_url": server.api_url,
        "is_own": server.prefect_home is not None,
        "pid": os.getpid(),
    }
    draft.write_text(json.dumps(record) + "\n", encoding="utf-8")
    draft.replace(path)
    try:
        yield
    finally:
        path.unlink(missing_ok=True)
