"""Folders and WARC files as sources: a round reads them as `ingest PATH` would."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from flows.ingest import ingest
from flows.sources.standings import overview, release
from tests.flows.newsroom import Desk, feed, page
from tests.flows.webserver import WebServer, answer
from transforms.identity import hashed_id

Wirecopy = Callable[..., "subprocess.CompletedProcess[str]"]

SOURCES = """
[[source]]
slug = "desk"
url = "../in"
kind = "folder"

[[source]]
slug = "tape"
url = "{tape}"
kind = "warc"
"""


@pytest.fixture(scope="module")
def web() -> Iterator[WebServer]:
    """A site with a page."""
    with WebServer({"/ferry": answer(page("ferry")), "/feed": feed([])}) as found:
        yield found


@pytest.fixture(scope="module")
def tape(web: WebServer, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A WARC file of one page."""
    other = Desk(tmp_path_factory.mktemp("other"), web)
    other.poll(web.url("/ferry"))
    [found] = (other.home / "raw").rglob("*.warc.gz")
    return found


@pytest.fixture
def desk(tmp_path: Path, web: WebServer, tape: Path) -> Desk:
    """A desk with a folder of two pages and a WARC file of one, both on its list, and no feed."""
    folder = tmp_path / "in"
    folder.mkdir()
    for name in ("bridge", "museum"):
        (folder / f"{name}.html").write_bytes(page(name))
    found = Desk(tmp_path / "home", web)
    found.home.mkdir()
    (found.home / "sources.toml").write_text(SOURCES.format(tape=tape))
    return found


FETCHES = """
    select slug, fetches.kind, outcome, reason from ops.fetches
    join sources using (source_id) order by all
"""


def due(desk: Desk) -> None:
    """Let time pass."""
    desk.ask("update ops.source_state set next_poll_at = now() - interval 1 minute")


def test_folders_and_archives_that_are_due_are_read(desk: Desk) -> None:
    """Each file is a fetch of its source; read again only when due, and then only what is new."""
    summary = desk.poll()

    assert (summary.states, summary.polled) == ({"loaded": 3}, 2)
    assert desk.ask(FETCHES) == [
        ("desk", "html", "ok", None),
        ("desk", "html", "ok", None),
        ("tape", "warc", "ok", None),
    ]
    assert desk.poll().polled == 0
    due(desk)
    (desk.home.parent / "in" / "theatre.html").write_bytes(page("theatre"))
    again = desk.poll()
    assert (again.states, again.unchanged, again.unchanged_sources) == ({"loaded": 1}, 3, 1)
    assert ingest(desk.settings, [desk.home.parent / "in"], publish_after=False).unchanged == 3
    assert desk.failed_checks() == []
    rows = {str(row["slug"]): row for row in overview(desk.settings).sources}
    assert [rows[slug]["article_count"] for slug in ("desk", "tape")] == [3, 1]
    assert rows["tape"]["last_success_at"] is not None


def test_a_folder_that_is_gone_fails_and_one_that_is_back_is_read(desk: Desk) -> None:
    """With a reason in the ledger and in the status; the other source is read all the same."""
    folder = desk.home.parent / "in"
    folder.rename(desk.home.parent / "away")

    summary = desk.poll()

    assert (summary.failed_sources, summary.states) == (1, {"quarantined": 1, "loaded": 1})
    assert not summary.is_done
    key = folder.as_uri()
    sql = f"select state, reason from ops.ledger where url_key = '{key}'"  # noqa: S608 - a path
    assert desk.ask(sql) == [("quarantined", "unreadable")]
    [row] = [row for row in overview(desk.settings).sources if row["slug"] == "desk"]
    assert (row["status"], row["last_reason"]) == ("active", "unreadable")
    assert "cannot be read: No such file" in str(row["last_error"])
    assert release(desk.settings, "desk").sources == ["desk"]
    (desk.home.parent / "away").rename(folder)
    assert desk.poll().states == {"loaded": 2}
    assert desk.ask(sql) == [("skipped", "not_an_article")]
    assert desk.failed_checks() == []


def test_named_folders_are_read_due_or_not_and_an_address_reads_none(desk: Desk) -> None:
    """`--source` names one, whose slug is that of its fetches; an address is all that is read."""
    assert desk.poll(desk.web.url("/feed")).states.total() == 0

    assert desk.poll(sources=["tape"]).states == {"loaded": 1}

    [(source_id,)] = desk.ask("select distinct source_id from ops.fetches where kind = 'warc'")
    assert source_id == hashed_id("source", "tape")
    assert desk.poll(sources=["tape"]).unchanged == 1
    shutil.rmtree(desk.home.parent / "in")
    (desk.home.parent / "in").mkdir()
    assert desk.poll(sources=["desk"]).is_done
    assert desk.failed_checks() == []


def test_a_folder_in_a_folder_is_read_once(desk: Desk) -> None:
    """Where two sources hold a file, it is an input of the first."""
    inner = desk.home.parent / "in" / "inner"
    inner.mkdir()
    (inner / "theatre.html").write_bytes(page("theatre"))
    path = desk.home / "sources.toml"
    path.write_text(
        path.read_text() + f'\n[[source]]\nslug = "inner"\nurl = "{inner}"\nkind = "folder"\n'
    )

    assert desk.poll().states == {"loaded": 4}

    assert desk.failed_checks() == []


def test_the_command_reads_folders_too(desk: Desk, wirecopy: Wirecopy) -> None:
    """`wirecopy ingest` without arguments."""
    done = wirecopy("ingest", "--home", desk.home, "--json")

    said = json.loads(done.stdout)
    assert (done.returncode, said["loaded"], said["sources_polled"]) == (0, 3, 2)
