"""Settings of a run; the only place that reads the environment."""

import os
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

HOME_VARIABLE = "WIRECOPY_HOME"
DEFAULT_HOME = "wirecopy-data"


@dataclass(frozen=True, slots=True)
class Settings:
    """Where the data is and how much a run may take.

    `home` is the data folder. A batch ends at `batch_entries` entries or `batch_bytes` bytes of
    payload, whichever comes first; two batches are in memory at a time. `page_timeout_s` and
    `page_memory_bytes` are what one page may take before its worker is killed. `lock_wait_s` is how
    long a load waits for another writer.
    """

    home: Path
    batch_entries: int = 500
    batch_bytes: int = 16 << 20
    workers: int = 2
    page_timeout_s: float = 10.0
    page_memory_bytes: int = 2 << 30
    lock_wait_s: float = 600.0


def load_settings(home: str | os.PathLike[str] | None = None) -> Settings:
    """The settings for a data folder: the one given, else WIRECOPY_HOME, else ./wirecopy-data."""
    chosen = Path(home or os.environ.get(HOME_VARIABLE) or DEFAULT_HOME)
    return Settings(home=chosen.expanduser().absolute(), workers=len(os.sched_getaffinity(0)))


def prefect_api_url() -> str | None:
    """The Prefect server this machine is configured to use, None where there is none."""
    return os.environ.get("PREFECT_API_URL") or None


def agencies_csv() -> str:
    """The text of `seeds/agencies.csv`."""
    return (files("seeds") / "agencies.csv").read_text(encoding="utf-8")


def demo_folder() -> Path:
    """The folder with the demo articles."""
    return Path(str(files("seeds").joinpath("demo")))
