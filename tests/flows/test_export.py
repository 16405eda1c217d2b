"""An export is a folder that is there whole or not at all, and never takes another's place."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from flows import export as module
from flows.errors import OutputRefused
from flows.export import MARKER, export
from warehouse.connection import PUBLISHED
from warehouse.errors import NotPublished


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A data folder with a published copy of two tables."""
    folder = tmp_path / "home"
    folder.mkdir()
    with duckdb.connect(str(folder / PUBLISHED)) as con:
        con.execute("create table agencies as select 'mpa' as agency_id")
        con.execute("create schema ops")
        con.execute("create table ops.loads as select range as load_id from range(3)")
    return folder


def _names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_an_export_says_what_it_holds(home: Path, tmp_path: Path) -> None:
    """Every table with its rows, beside the folders."""
    export(home, tmp_path / "out")

    contents = json.loads((tmp_path / "out" / MARKER).read_text())
    assert contents["tables"] == [
        {"name": "main.agencies", "row_count": 1, "is_by_month": False},
        {"name": "ops.loads", "row_count": 3, "is_by_month": False},
    ]
    assert _names(tmp_path / "out") == [MARKER, "main", "ops"]
    assert _names(tmp_path) == ["home", "out"]


def test_what_is_there_is_kept(home: Path, tmp_path: Path) -> None:
    """A folder of something else, a file, an export nobody said to replace."""
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.txt").write_text("mine")
    (tmp_path / "file").write_text("mine")
    export(home, tmp_path / "out")
    made = (tmp_path / "out" / MARKER).read_text()
    for name, words in (("mine", "is no export"), ("file", "is no folder"), ("out", "--replace")):
        with pytest.raises(OutputRefused, match=words):
            export(home, tmp_path / name)
    with pytest.raises(OutputRefused, match="is no export"):
        export(home, tmp_path / "mine", replace=True)

    assert _names(tmp_path / "mine") == ["thesis.txt"]
    assert (tmp_path / "out" / MARKER).read_text() == made


def test_an_export_is_replaced_whole(home: Path, tmp_path: Path) -> None:
    """Nothing of the former one is left; an empty folder may be there beforehand."""
    (tmp_path / "out").mkdir()
    export(home, tmp_path / "out")
    (tmp_path / "out" / "main" / "former.parquet").write_text("")
    export(home, tmp_path / "out", replace=True)

    assert _names(tmp_path / "out" / "main") == ["agencies"]
    assert _names(tmp_path) == ["home", "out"]


def test_an_export_that_fails_leaves_what_was_there(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A full disk in the middle: the former export is whole, and no draft is left."""
    export(home, tmp_path / "out")
    before = sorted(tmp_path.rglob("*"))

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(module, "_sync", full)
    with pytest.raises(OutputRefused, match="No space left"):
        export(home, tmp_path / "out", replace=True)

    assert sorted(tmp_path.rglob("*")) == before


def test_nothing_published(tmp_path: Path) -> None:
    """Nothing is made."""
    with pytest.raises(NotPublished):
        export(tmp_path / "none", tmp_path / "out")

    assert _names(tmp_path) == []


def test_the_command(home: Path, tmp_path: Path) -> None:
    """One JSON object with --json; one sentence and exit code 1 where it cannot be."""
    command = [sys.executable, "-m", "flows.cli", "export", "--home", str(home), "--json"]
    first = subprocess.run(
        [*command, str(tmp_path / "out")], capture_output=True, text=True, check=True
    )
    again = subprocess.run(
        [*command, str(tmp_path / "out")], capture_output=True, text=True, check=False
    )

    assert [table["name"] for table in json.loads(first.stdout)["tables"]] == [
        "main.agencies",
        "ops.loads",
    ]
    assert (again.returncode, again.stdout) == (1, "")
    assert "--replace" in again.stderr
