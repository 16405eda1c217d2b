"""The wheel holds all it needs, and what is in it works away from the checkout."""

from __future__ import annotations

import configparser
import json
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
_NEEDED = ("flows", "transforms", "warehouse", "seeds", "pyproject.toml", "README.md", "LICENSE")


def _copy_of_the_tree(target: Path) -> None:
    """What a build starts from, without what lies about in a checkout."""
    for name in _NEEDED:
        source = ROOT / name
        if source.is_dir():
            leave = shutil.ignore_patterns("__pycache__", ".*")
            shutil.copytree(source, target / name, ignore=leave)
        else:
            shutil.copy(source, target / name)


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, unpacked; built offline."""
    tree, out = tmp_path_factory.mktemp("tree"), tmp_path_factory.mktemp("wheel")
    _copy_of_the_tree(tree)
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(out)]
    subprocess.run(command, cwd=tree, check=True, capture_output=True)
    (built,) = out.glob("*.whl")
    unpacked = out / "unpacked"
    zipfile.ZipFile(built).extractall(unpacked)
    return unpacked


def _files(folder: Path) -> set[str]:
    return {
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }


@pytest.mark.parametrize("package", ["flows", "transforms", "warehouse", "seeds"])
def test_the_wheel_holds_every_file_of_a_package(wheel: Path, package: str) -> None:
    """Modules, statements, seeds: whatever the program reads at run time."""
    assert _files(wheel / package) == _files(ROOT / package)


@pytest.mark.parametrize(
    "name",
    [
        "warehouse/sql/migrations/0001_raw_and_ops.sql",
        "warehouse/sql/checks/balance_ledger.sql",
        "seeds/agencies.csv",
        "seeds/demo/dunmereecho_coast-cup.txt",
    ],
)
def test_the_wheel_holds_what_is_no_code(wheel: Path, name: str) -> None:
    """By name, should the checkout itself have lost it."""
    assert (wheel / name).is_file()


def test_the_wheel_holds_nothing_else(wheel: Path) -> None:
    """No tests, no documentation, no benchmarks."""
    tops = {path.name for path in wheel.iterdir() if not path.name.endswith(".dist-info")}

    assert tops == {"flows", "transforms", "warehouse", "seeds"}


def test_the_wheel_says_what_it_is(wheel: Path) -> None:
    """Command, licence and its text."""
    (about,) = wheel.glob("*.dist-info")
    entry_points = configparser.ConfigParser()
    entry_points.read(about / "entry_points.txt")

    assert dict(entry_points["console_scripts"]) == {"wirecopy": "flows.cli:main"}
    assert (about / "licenses" / "LICENSE").read_text() == (ROOT / "LICENSE").read_text()
    assert "License-Expression: Apache-2.0" in (about / "METADATA").read_text()


@pytest.fixture
def away(wheel: Path, tmp_path: Path) -> tuple[Path, dict[str, str]]:
    """A folder outside the checkout, and an environment that finds the wheel's code first."""
    own = {"PREFECT_API_URL", "WIRECOPY_HOME", "PYTHONPATH"}
    kept = {key: value for key, value in os.environ.items() if key not in own}
    return tmp_path, {**kept, "PYTHONPATH": str(wheel)}


def _run(away: tuple[Path, dict[str, str]], *words: str) -> str:
    folder, environment = away
    done = subprocess.run(
        [sys.executable, "-P", *words],
        cwd=folder,
        env=environment,
        check=False,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_command_starts_away_from_the_checkout(
    wheel: Path, away: tuple[Path, dict[str, str]]
) -> None:
    """With the code of the wheel and no other."""
    where = "import flows, transforms, warehouse as w; print(flows.__file__, w.__file__)"

    assert _run(away, "-c", where).split() == [
        str(wheel / "flows" / "__init__.py"),
        str(wheel / "warehouse" / "__init__.py"),
    ]
    assert "ingest" in _run(away, "-m", "flows.cli", "--help")
    assert "0.1.0" in _run(away, "-m", "flows.cli", "--version")


def test_the_packaged_demo_is_ingested_away_from_the_checkout(
    wheel: Path, away: tuple[Path, dict[str, str]]
) -> None:
    """Articles come out of it, every check passes, and the published copy answers."""
    summary = json.loads(
        _run(away, "-m", "flows.cli", "ingest", str(wheel / "seeds" / "demo"), "--json")
    )
    audit = json.loads(_run(away, "-m", "flows.cli", "audit", "--json"))
    query = "select count(*) as held, count(distinct publisher_id) as publishers from articles"
    answer = json.loads(_run(away, "-m", "flows.cli", "sql", query, "--json"))

    assert summary["loaded"] >= 10
    assert summary["published"] is True
    assert [each["name"] for each in audit["checks"] if each["violation_count"]] == []
    assert answer["rows"][0]["held"] == summary["loaded"]
    assert answer["rows"][0]["publishers"] >= 5
    assert (away[0] / "wirecopy-data" / "news.duckdb").is_file()
