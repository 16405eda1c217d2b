"""A long run gives readers a new copy in between, and no run ends because a check failed midway."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from flows.errors import BadRequest
from flows.ingest import ingest
from flows.publish import audit, publish, publishing
from flows.settings import PUBLISH_VARIABLE, Settings, load_settings
from flows.walk import Summary
from warehouse.connection import PUBLISHED, reader, writer
from warehouse.errors import CheckFailed, SchemaTooOld
from warehouse.migrate import migrate


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A data folder with an empty warehouse and nothing published."""
    with writer(tmp_path, wait_s=5) as con:
        migrate(con, datetime(2026, 1, 1, tzinfo=UTC))
    return tmp_path


def _published_tags(home: Path) -> int:
    with reader(home) as con:
        return int(con.execute("select count(*) from sources").fetchall()[0][0])


def _load(home: Path, slug: str) -> None:
    with writer(home, wait_s=5) as con:
        con.execute(
            "insert into sources by name select $s as source_id, $s as slug, 'u' as url, 'feed' as kind",
            {"s": slug},
        )


def test_a_copy_is_never_older_than_the_setting(home: Path) -> None:
    """After a batch the copy is made anew where it has become too old, and only there."""
    now = [1e9]
    counts: list[int] = []
    watching = publishing(Settings(home, publish_every_s=60), counts.append, clock=lambda: now[0])
    seen = []
    for number, seconds in enumerate((0, 59, 1, 30, 31)):
        now[0] += seconds
        _load(home, f"s{number}")
        watching(number)
        seen.append(_published_tags(home))

    assert seen == [1, 1, 3, 3, 5]
    assert counts == [0, 1, 2, 3, 4]


def test_an_existing_copy_has_its_age(home: Path) -> None:
    """What was published before the run counts from when it was made."""
    now = [1e9]
    publishing(Settings(home, publish_every_s=60), lambda _: None, clock=lambda: now[0])(0)
    made = (home / PUBLISHED).stat().st_mtime
    watching = publishing(Settings(home, publish_every_s=60), lambda _: None, clock=lambda: now[0])
    seen = []
    for number, age in enumerate((59, 61)):
        now[0] = made + age
        _load(home, f"s{number}")
        watching(number)
        seen.append(_published_tags(home))

    assert seen == [0, 2]


def test_a_check_that_fails_midway_does_not_end_the_run(home: Path) -> None:
    """Readers keep the copy they have; the end of the run says what is wrong."""
    settings = Settings(home, publish_every_s=0)
    watching = publishing(settings, lambda _: None)
    watching(0)
    _load(home, "twice")
    _load(home, "twice")
    watching(1)

    assert _published_tags(home) == 0
    (home / "a.txt").write_text("Too short.")
    with pytest.raises(CheckFailed, match="unique_sources"):
        ingest(settings, [home / "a.txt"])


@pytest.mark.parametrize(("publish_after", "expected"), [(True, [1, 2, 3]), (False, [0])])
def test_an_ingest_publishes_while_it_runs(
    tmp_path: Path,
    publish_after: bool,  # noqa: FBT001 - a parameter of the test
    expected: list[int],
) -> None:
    """With a batch a file and no patience, every batch is there for readers at once; or only the empty copy."""
    folder, home = tmp_path / "in", tmp_path / "home"
    folder.mkdir()
    for number in range(3):
        (folder / f"{number}.txt").write_text("short")
    seen: list[int] = []

    def look(_: Summary) -> None:
        if (home / PUBLISHED).exists():
            with reader(home) as con:
                seen.append(int(con.execute("select count(*) from ops.entries").fetchall()[0][0]))

    settings = Settings(home, batch_entries=1, workers=1, publish_every_s=0)
    ingest(settings, [folder], publish_after=publish_after, watch=look)

    assert list(dict.fromkeys(seen)) == expected


def test_a_folder_of_an_older_version_is_not_published(home: Path) -> None:
    """It says what brings it up to date; readers keep the copy they have."""
    settings = Settings(home)
    publish(settings)
    with writer(home, wait_s=5) as con:
        con.execute("drop table mart.changed_words cascade")
        con.execute("delete from ops.migrations where name = '0010_changed_words'")
    for act in (publish, audit):
        with pytest.raises(SchemaTooOld, match=r"older wirecopy.*`wirecopy ingest`"):
            act(settings)

    assert _published_tags(home) == 0


def test_the_setting_comes_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """In whole seconds."""
    monkeypatch.setenv(PUBLISH_VARIABLE, "60")
    assert load_settings("x").publish_every_s == 60
    monkeypatch.setenv(PUBLISH_VARIABLE, "often")
    with pytest.raises(BadRequest, match="whole number of seconds"):
        load_settings("x")
