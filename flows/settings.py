"""Settings of a run; the only place that reads the environment."""

import os
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import TypeVar

from flows.errors import BadRequest

HOME_VARIABLE = "WIRECOPY_HOME"
CONTACT_VARIABLE = "WIRECOPY_CONTACT"
PRIVATE_NETWORKS_VARIABLE = "WIRECOPY_ALLOW_PRIVATE_NETWORKS"
NEWS_ARCHIVE_VARIABLE = "WIRECOPY_NEWS_ARCHIVE_URL"
WAYBACK_VARIABLE = "WIRECOPY_WAYBACK_URL"
LAG_VARIABLE = "WIRECOPY_CAPTURE_LAG_DAYS"
KEEP_VARIABLE = "WIRECOPY_KEEP_ENTRIES_DAYS"
PUBLISH_VARIABLE = "WIRECOPY_PUBLISH_EVERY_S"
PUBLISH_EVERY_S = 900
NEWS_ARCHIVE_URL = "https://data.commoncrawl.org"
WAYBACK_URL = "https://web.archive.org"
CAPTURE_LAG_DAYS = 3
DEFAULT_HOME = "wirecopy-data"
DEFAULT_CONTACT = "contact not given"
"""Nobody's address is put into others' requests: who runs this gives their own."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Where the data is and how much a run may take.

    `home` is the data folder. A batch ends at `batch_entries` entries or `batch_bytes` bytes of
    payload, whichever comes first; two batches are in memory at a time. `page_timeout_s` and
    `page_memory_bytes` are what one page may take before its worker is killed. `lock_wait_s` is how
    long a load waits for another writer. A long run publishes after a batch whenever readers' copy is
    older than `publish_every_s` seconds (WIRECOPY_PUBLISH_EVERY_S).

    `contact` is where a site can complain: an address in the User-Agent. `allow_private_networks`
    is the only switch that lets a fetch reach an address that is not public. `fetches_at_once`
    bounds how many hosts are asked side by side; each has one connection, with `host_spacing_s`
    between two requests. A feed of more than `feed_entries` entries is cut there.
    `feed_timeout_s` and `feed_memory_bytes` are what parsing one feed may take.

    `news_archive_url` is where Common Crawl's news archive is, `wayback_url` a Wayback Machine. What
    was captured more than `capture_lag_days` days after its publication is not looked for in archives
    that are searched by the time of capture.
    """

    home: Path
    batch_entries: int = 1000
    batch_bytes: int = 32 << 20
    workers: int = 2
    page_timeout_s: float = 10.0
    page_memory_bytes: int = 2 << 30
    lock_wait_s: float = 600.0
    publish_every_s: float = PUBLISH_EVERY_S
    contact: str = DEFAULT_CONTACT
    allow_private_networks: bool = False
    fetches_at_once: int = 16
    fetch_deadline_s: float = 60.0
    host_spacing_s: float = 1.0
    feed_entries: int = 2000
    feed_timeout_s: float = 20.0
    feed_memory_bytes: int = 2 << 30
    news_archive_url: str = NEWS_ARCHIVE_URL
    wayback_url: str = WAYBACK_URL
    capture_lag_days: int = CAPTURE_LAG_DAYS
    keep_entries_days: int | None = None
    compact_free_ratio: float = 0.3


def load_settings(
    home: str | os.PathLike[str] | None = None, *, allow_private_networks: bool = False
) -> Settings:
    """The settings for a data folder: the one given, else WIRECOPY_HOME, else ./wirecopy-data.

    Args:
        home: The data folder.
        allow_private_networks: As on the command line; WIRECOPY_ALLOW_PRIVATE_NETWORKS=1 does the
            same.
    """
    chosen = Path(home or os.environ.get(HOME_VARIABLE) or DEFAULT_HOME)
    return Settings(
        home=chosen.expanduser().absolute(),
        workers=len(os.sched_getaffinity(0)),
        contact=os.environ.get(CONTACT_VARIABLE) or DEFAULT_CONTACT,
        allow_private_networks=allow_private_networks
        or os.environ.get(PRIVATE_NETWORKS_VARIABLE) == "1",
        news_archive_url=os.environ.get(NEWS_ARCHIVE_VARIABLE) or NEWS_ARCHIVE_URL,
        wayback_url=os.environ.get(WAYBACK_VARIABLE) or WAYBACK_URL,
        capture_lag_days=_days(LAG_VARIABLE, CAPTURE_LAG_DAYS),
        keep_entries_days=_days(KEEP_VARIABLE, None),
        publish_every_s=_publish_every_s(os.environ.get(PUBLISH_VARIABLE)),
    )


T = TypeVar("T", int, None)


def _days(variable: str, default: T) -> int | T:
    value = os.environ.get(variable)
    if not value:
        return default
    if value.isascii() and value.isdecimal() and len(value) < 6:
        return int(value)
    raise BadRequest(f"{variable} must be a whole number of days, not {value!r}.")


def _publish_every_s(value: str | None) -> float:
    if not value:
        return PUBLISH_EVERY_S
    if value.isascii() and value.isdecimal() and len(value) < 8:
        return int(value)
    raise BadRequest(f"{PUBLISH_VARIABLE} must be a whole number of seconds, not {value!r}.")


def share_settings(settings: Settings) -> None:
    """Let what loads its own settings in this process find the same data folder and switch."""
    os.environ[HOME_VARIABLE] = str(settings.home)
    os.environ[CONTACT_VARIABLE] = settings.contact
    os.environ[PRIVATE_NETWORKS_VARIABLE] = "1" if settings.allow_private_networks else "0"


def prefect_api_url() -> str | None:
    """The Prefect server this machine is configured to use, None where there is none."""
    return os.environ.get("PREFECT_API_URL") or None


def agencies_csv() -> str:
    """The text of `seeds/agencies.csv`."""
    return (files("seeds") / "agencies.csv").read_text(encoding="utf-8")


def demo_folder() -> Path:
    """The folder with the demo articles."""
    return Path(str(files("seeds").joinpath("demo")))
