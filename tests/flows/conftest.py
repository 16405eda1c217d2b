"""Running the program on real files and looking at what it left in the two databases."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from pathlib import Path

import duckdb
import pytest

from flows.orchestration.server import free_port
from tests.flows.serving import Serving, clean_environment
from warehouse.connection import LIVE

ROOT = Path(__file__).resolve().parents[2]

Row = tuple[object, ...]
Wirecopy = Callable[..., "subprocess.CompletedProcess[str]"]
Ask = Callable[[Path, str], list[Row]]
Contents = Callable[[Path], dict[str, list[str]]]
Write = Callable[..., Path]

_RUN_TABLES = {"ops.runs", "ops.migrations"}


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A data folder that does not exist yet."""
    return tmp_path / "home"


@pytest.fixture(scope="session")
def environment() -> dict[str, str]:
    """The environment of this process without what would point a run elsewhere."""
    own = {"PREFECT_API_URL", "PREFECT_HOME", "WIRECOPY_HOME"}
    return {key: value for key, value in os.environ.items() if key not in own}


@pytest.fixture(scope="session")
def wirecopy(environment: Mapping[str, str]) -> Wirecopy:
    """Run the command as a process of its own; extra environment as `env`, input as `stdin`."""

    def run(
        *arguments: object, env: Mapping[str, str] | None = None, stdin: str = ""
    ) -> subprocess.CompletedProcess[str]:
        words = [os.fspath(a) if isinstance(a, os.PathLike) else str(a) for a in arguments]
        return subprocess.run(
            [sys.executable, "-m", "flows.cli", *words],
            cwd=ROOT,
            env={**environment, **(env or {})},
            input=stdin,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )

    return run


@pytest.fixture(scope="session")
def ask() -> Ask:
    """The rows of a query on the writer's file, which nobody writes at that moment."""

    def query(home: Path, sql: str) -> list[Row]:
        with duckdb.connect(str(home / LIVE), read_only=True) as con:
            con.execute("set TimeZone = 'UTC'")
            return con.execute(sql).fetchall()

    return query


@pytest.fixture(scope="session")
def contents(ask: Ask) -> Contents:
    """Every table but those of the runs, by name, as sorted rows of text."""

    def read(home: Path) -> dict[str, list[str]]:
        named = ask(home, "select schema_name || '.' || table_name from duckdb_tables()")
        names = {str(name) for (name,) in named} - _RUN_TABLES
        return {name: sorted(map(str, ask(home, f"select * from {name}"))) for name in names}  # noqa: S608 - names of tables

    return read


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Write a file under `in` of the test's folder: text or bytes, with a modification time."""

    def put(name: str, content: str | bytes, *, at: datetime | None = None) -> Path:
        path = tmp_path / "in" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        if at is not None:
            os.utime(path, (at.timestamp(), at.timestamp()))
        return path

    return put


@pytest.fixture(scope="session")
def article_text() -> Callable[[str], str]:
    """A plain-text article about a subject: a headline and two paragraphs that name it."""

    def compose(subject: str) -> str:
        return (
            f"{subject.capitalize()} opens after long repairs\n\n"
            f"The {subject} opened again on Tuesday after repairs that took the town eleven months "
            f"and cost more than anybody on the council had expected, the {subject} office said.\n\n"
            f"Residents who had waited for the {subject} since spring came early and brought "
            "flasks of coffee, folding chairs and a brass band from the valley.\n"
        )

    return compose


@pytest.fixture(scope="session")
def html_page(article_text: Callable[[str], str]) -> Callable[[str], str]:
    """The same as a web page."""

    def compose(subject: str) -> str:
        headline, *paragraphs = (p for p in article_text(subject).split("\n") if p)
        body = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
        return (
            f"<!doctype html><html lang=en><head><title>{headline}</title>"
            '<meta property="og:type" content="article"></head>'
            f"<body><article><h1>{headline}</h1>{body}</article></body></html>"
        )

    return compose


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serving]:
    """One `wirecopy serve` for all tests that do it no harm; in the end nothing of it is left."""
    home = tmp_path_factory.mktemp("served") / "home"
    serving = Serving(home, free_port(), clean_environment())
    home.mkdir()
    (home / "sources.toml").write_text(SERVED_SOURCES)
    serving.start()
    serving.stop_schedules()
    yield serving
    assert serving.end()[2] == []


SERVED_SOURCES = """
[[source]]
slug = "harrow-vale"
url = "https://harrowvale.example/rss"
kind = "feed"
enabled = false

[[source]]
slug = "port-alder"
url = "https://portalder.example/sitemap.xml"
kind = "sitemap"
enabled = false
"""

PUBLIC_TABLES = (
    "articles",
    "article_versions",
    "publishers",
    "authors",
    "article_authors",
    "article_tags",
    "article_dates",
    "article_urls",
    "agency_evidence",
    "article_agencies",
    "matches",
    "clusters",
    "cluster_members",
    "passages",
)


@pytest.fixture(scope="session")
def public(ask: Ask) -> Contents:
    """The public tables by name, as sorted rows of text, but for when an article was first seen."""

    def read(home: Path) -> dict[str, list[str]]:
        found = {}
        for name in PUBLIC_TABLES:
            columns = "* exclude (first_seen_at)" if name == "articles" else "*"
            found[name] = sorted(map(str, ask(home, f"select {columns} from {name}")))  # noqa: S608 - names of tables
        return found

    return read
