"""One writer at a time, readers that never wait, and transactions that are whole or nothing."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pytest

from warehouse.connection import (
    LIVE,
    PUBLISHED,
    Connection,
    published_log,
    reader,
    transaction,
    writer,
)
from warehouse.errors import NotPublished, WarehouseError, WarehouseLocked
from warehouse.snapshot import publish

_ROOT = Path(__file__).parents[2]

_WRITER = """
from pathlib import Path
from warehouse.connection import writer
with writer(Path(place), wait_s=100):
    say()
"""
_FOREIGN = """
import duckdb
con = duckdb.connect(place)
con.execute("create table foreign_notes (i integer)")
say()
"""
_PROLOGUE = """
import sys
place = sys.argv[1]
def say():
    print("open", flush=True)
    sys.stdin.readline()
"""


@contextmanager
def _program(code: str, place: Path) -> Iterator[subprocess.Popen[str]]:
    """Another program, which runs until it is sent a line."""
    process = subprocess.Popen(
        [sys.executable, "-c", _PROLOGUE + code, str(place)],
        cwd=_ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with process:
        try:
            yield process
        finally:
            process.kill()


def _wait_until_open(process: subprocess.Popen[str]) -> None:
    assert process.stdout is not None
    assert process.stdout.readline() == "open\n"


def _let_go(process: subprocess.Popen[str]) -> None:
    assert process.stdin is not None
    process.stdin.write("\n")
    process.stdin.flush()


@pytest.fixture
def published_home(filled_home: Path) -> Path:
    """A data folder with a published copy that nobody has open."""
    with writer(filled_home, wait_s=5) as con:
        publish(con, filled_home)
    return filled_home


def test_a_second_writer_is_told_who_holds_the_warehouse(filled_home: Path) -> None:
    """It waits its time, then says what happened and what to do."""
    with _program(_WRITER, filled_home) as first:
        _wait_until_open(first)

        with (
            pytest.raises(
                WarehouseLocked, match=r"Another wirecopy .* Run this again later"
            ) as told,
            writer(filled_home, wait_s=0.2),
        ):
            pytest.fail("two writers at a time")

    assert str(filled_home) in str(told.value)


def test_writers_queue(filled_home: Path) -> None:
    """The second one goes on as soon as the first lets go."""
    with _program(_WRITER, filled_home) as first:
        _wait_until_open(first)
        with _program(_WRITER, filled_home) as second:
            _let_go(first)
            _wait_until_open(second)


def test_a_killed_writer_leaves_no_lock(filled_home: Path) -> None:
    """The lock goes with its process, the file it leaves behind means nothing."""
    with _program(_WRITER, filled_home) as first:
        _wait_until_open(first)
        first.kill()
        first.wait()

    with writer(filled_home, wait_s=5) as con:
        assert con.execute("select count(*) from articles").fetchall() == [(4,)]


def test_two_writers_of_one_process_queue_too(filled_home: Path) -> None:
    """DuckDB would let them in side by side."""
    with (
        writer(filled_home, wait_s=5),
        pytest.raises(WarehouseLocked),
        writer(filled_home, wait_s=0.05),
    ):
        pytest.fail("two writers at a time")


def test_a_foreign_program_on_the_live_file_is_named(filled_home: Path) -> None:
    """The message says which file to close and which one to open instead."""
    with _program(_FOREIGN, filled_home / LIVE) as foreign:
        _wait_until_open(foreign)
        with pytest.raises(WarehouseLocked) as told, writer(filled_home, wait_s=0.2):
            pytest.fail("a file that another program writes to was opened")

    assert str(filled_home / LIVE) in str(told.value)
    assert str(filled_home / PUBLISHED) in str(told.value)
    with writer(filled_home, wait_s=5) as con:  # and the writer's lock was given back
        assert con.execute("select count(*) from articles").fetchall() == [(4,)]


def test_a_damaged_live_file_is_no_lock(tmp_path: Path) -> None:
    """Waiting would not mend it, whatever words its path holds."""
    home = tmp_path / "lock"
    (home / LIVE).parent.mkdir(parents=True)
    (home / LIVE).write_bytes(b"no database " * 1000)

    with pytest.raises(WarehouseError, match="move it away") as told, writer(home, wait_s=60):
        pytest.fail("opened")

    assert not isinstance(told.value, WarehouseLocked)


def test_nothing_published(tmp_path: Path) -> None:
    """A reader without a copy is told to ingest first, and no file is made for it."""
    with pytest.raises(NotPublished, match="wirecopy ingest"), reader(tmp_path):
        pytest.fail("opened")

    assert list(tmp_path.iterdir()) == []


def test_a_damaged_copy(tmp_path: Path) -> None:
    """A reader is told how to get a new one."""
    (tmp_path / PUBLISHED).write_bytes(b"no database " * 1000)

    with pytest.raises(WarehouseError, match="wirecopy publish"), reader(tmp_path):
        pytest.fail("opened")


@pytest.mark.parametrize(
    "query",
    [
        "delete from articles",
        "create table mine (i integer)",
        "from read_text('{file}')",
        "from read_csv('{file}')",
        "from '{file}'",
        "from glob('{folder}/*')",
        "copy articles to '{folder}/stolen.csv'",
        "export database '{folder}/stolen'",
        "attach '{folder}/other.duckdb'",
        "attach '{live}' as live",
        "install httpfs",
        "load httpfs",
        "set enable_external_access = true",
        "set memory_limit = '1GB'",
        "set lock_configuration = false",
        "reset lock_configuration",
        "set global temp_directory = '{folder}'",
        "set TimeZone = 'Asia/Tokyo'",
    ],
)
def test_a_reader_sees_the_copy_and_nothing_else(
    published_home: Path, tmp_path: Path, query: str
) -> None:
    """No writing, no other file, no change of the settings that forbid it."""
    secret = tmp_path / "secret.txt"
    secret.write_text("secret\n")
    places = {"file": secret, "folder": tmp_path, "live": published_home / LIVE}
    before = sorted(tmp_path.rglob("*"))

    with reader(published_home) as con, pytest.raises(duckdb.Error):
        con.execute(query.format(**places)).fetchall()

    assert sorted(tmp_path.rglob("*")) == before


def test_a_folder_may_have_any_name(published_home: Path, tmp_path: Path) -> None:
    """Quotes and line ends in a path are part of the path."""
    odd = published_home.rename(tmp_path / 'it\'s "news";\n--')

    with reader(odd) as con:
        assert con.execute("select count(*) from articles").fetchall() == [(4,)]
    with writer(odd, wait_s=5) as con:
        assert con.execute("select count(*) from articles").fetchall() == [(4,)]


def test_times_are_in_utc(published_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever the machine's zone, for both kinds of connection."""
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    query = "select fetched_at, fetched_at::varchar from articles where article_id[1] = 'f'"
    expected = [(datetime(2026, 7, 14, 9, 30, tzinfo=UTC), "2026-07-14 09:30:00+00")]

    with reader(published_home) as con:
        assert con.execute(query).fetchall() == expected
    with writer(published_home, wait_s=5) as con:
        assert con.execute(query).fetchall() == expected


def test_readers_do_not_wait_for_the_writer_nor_the_writer_for_them(published_home: Path) -> None:
    """The live file and the published copy share no lock."""
    with (
        reader(published_home) as before,
        writer(published_home, wait_s=0.2) as con,
        reader(published_home) as beside,
    ):
        con.execute("delete from article_tags")
        publish(con, published_home)
        with reader(published_home) as after:
            counts = [
                each.execute("select count(*) from article_tags").fetchall()[0][0]
                for each in (before, beside, after)
            ]

    assert counts == [1, 1, 0]


def test_a_foreign_writer_on_the_copy_stops_no_reader(published_home: Path) -> None:
    """A plain client opens files for writing: readers get what was published all the same."""
    with _program(_FOREIGN, published_home / PUBLISHED) as foreign:
        _wait_until_open(foreign)
        with reader(published_home) as con:
            assert con.execute("select count(*) from articles").fetchall() == [(4,)]
            tables = con.execute("select table_name from duckdb_tables()").fetchall()
            assert ("foreign_notes",) not in tables
            with pytest.raises(duckdb.Error):
                con.execute("delete from articles")


def test_what_a_foreign_writer_left_beside_the_copy_is_not_read(published_home: Path) -> None:
    """A log next to the copy was never published, even after its writer has died."""
    with _program(_FOREIGN, published_home / PUBLISHED) as foreign:
        _wait_until_open(foreign)
        foreign.kill()
        foreign.wait()

    assert published_log(published_home).exists()
    with reader(published_home) as con:
        assert con.execute("select count(*) from articles").fetchall() == [(4,)]
        tables = con.execute("select table_name from duckdb_tables()").fetchall()
    assert ("foreign_notes",) not in tables


def test_a_log_of_an_older_copy_stops_no_reader(published_home: Path) -> None:
    """A program that had the former copy open may write its log beside the new one."""
    with _program(_FOREIGN, published_home / PUBLISHED) as foreign:
        _wait_until_open(foreign)
        foreign.kill()
        foreign.wait()
    log = published_log(published_home).read_bytes()
    with writer(published_home, wait_s=5) as con:
        con.execute("delete from article_tags")
        publish(con, published_home)
    published_log(published_home).write_bytes(log)

    with pytest.raises(duckdb.Error):
        duckdb.connect(str(published_home / PUBLISHED), read_only=True)
    with reader(published_home) as con:
        assert con.execute("select count(*) from article_tags").fetchall() == [(0,)]


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt, SystemExit, GeneratorExit])
def test_a_transaction_that_fails_leaves_nothing(
    con: Connection, error: type[BaseException]
) -> None:
    """Whatever stops it, Ctrl-C included; the connection can be used again."""

    def fail() -> None:
        with transaction(con):
            con.execute("insert into authors values ('a', 'Ann')")
            raise error

    with pytest.raises(error):
        fail()

    assert con.execute("select count(*) from authors").fetchall() == [(0,)]
    with transaction(con):
        con.execute("insert into authors values ('b', 'Bob')")
    assert con.execute("select name from authors").fetchall() == [("Bob",)]


def test_a_statement_that_fails_undoes_its_transaction(con: Connection) -> None:
    """The error that is reported is the statement's own."""

    def fail() -> None:
        with transaction(con):
            con.execute("insert into authors values ('a', 'Ann')")
            con.execute("select 'many'::integer")

    with pytest.raises(duckdb.ConversionException):
        fail()

    assert con.execute("select count(*) from authors").fetchall() == [(0,)]


def test_what_a_killed_transaction_wrote_is_not_there(filled_home: Path) -> None:
    """SIGKILL in the middle: the next writer finds the state before it."""
    code = _WRITER.replace(", wait_s=100):", ", wait_s=100) as con:").replace(
        "    say()",
        "    con.begin()\n    con.execute('delete from articles')\n    say()",
    )
    with ExitStack() as stack:
        killed = stack.enter_context(_program(code, filled_home))
        _wait_until_open(killed)
        killed.kill()
        killed.wait()

    with writer(filled_home, wait_s=5) as con:
        assert con.execute("select count(*) from articles").fetchall() == [(4,)]
