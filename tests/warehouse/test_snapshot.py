"""Readers find the old copy or the new one, whole, whatever happens while it is replaced."""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
import threading
from pathlib import Path

import duckdb
import pytest

from warehouse import connection
from warehouse.connection import (
    LIVE,
    PUBLISHED,
    published_log,
    reader,
    transaction,
    writer,
)
from warehouse.snapshot import publish

_ROOT = Path(__file__).parents[2]

_PUBLISHER = """
import sys
from pathlib import Path
from warehouse.connection import transaction, writer
from warehouse.snapshot import publish
home = Path(sys.argv[1])
while True:
    with writer(home, wait_s=60) as con:
        with transaction(con):
            con.execute("insert into halves select hash(random()), 'a' from range(20000)")
            con.execute("insert into halves select hash(random()), 'b' from range(20000)")
        publish(con, home)
    print("published", flush=True)
"""

_KILLED_AT = """
import os
import signal
import sys
from pathlib import Path
from warehouse.connection import writer
from warehouse.snapshot import publish

home, event = Path(sys.argv[1]), sys.argv[2]

def dying(*arguments, **words):
    os.kill(os.getpid(), signal.SIGKILL)

def after(function):
    def wrapped(*arguments, **words):
        function(*arguments, **words)
        dying()
    return wrapped

with writer(home, wait_s=60) as con:
    con.execute("insert into halves values (1, 'a'), (2, 'b')")
    if event == "copy":
        copy = os.copy_file_range
        def half(source, target, _):
            copy(source, target, 5000)
            dying()
        os.copy_file_range = half
    elif event == "fsync":
        os.fsync = after(os.fsync)
    elif event == "unlink":
        Path.unlink = after(Path.unlink)
    elif event == "before replace":
        Path.replace = dying
    elif event == "after replace":
        Path.replace = after(Path.replace)
    publish(con, home)
"""


def _halves(home: Path) -> dict[str, int]:
    with reader(home) as con:
        rows = con.execute("select half, count(*) from halves group by all").fetchall()
    return dict(rows)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A data folder with a table in two halves, published while they are equal."""
    folder = tmp_path / "home"
    with writer(folder, wait_s=5) as con:
        con.execute("create table halves (value ubigint, half varchar)")
        con.execute("insert into halves values (1, 'a'), (2, 'b')")
        publish(con, folder)
    return folder


def test_kill_at_any_instant_leaves_a_whole_copy(home: Path) -> None:
    """Publishers are killed one after the other while a reader looks: it never sees less or half."""
    chance = random.Random(7)  # noqa: S311 - instants to kill at, no secret
    seen = [_halves(home)]
    for _ in range(5):
        process = subprocess.Popen(
            [sys.executable, "-c", _PUBLISHER, str(home)],
            cwd=_ROOT,
            stdout=subprocess.PIPE,
            text=True,
        )
        with process:
            assert process.stdout is not None
            assert process.stdout.readline() == "published\n"
            threading.Timer(chance.uniform(0.0, 0.3), process.kill).start()
            while process.poll() is None:
                seen.append(_halves(home))
        seen.append(_halves(home))
        assert process.returncode == -signal.SIGKILL

    assert [each for each in seen if each["a"] != each["b"]] == []
    counts = [each["a"] for each in seen]
    assert counts == sorted(counts)
    assert counts[-1] > 5 * 20000
    with writer(home, wait_s=5) as con:
        publish(con, home)
    assert _names(home) == ["live", "news.duckdb"]


@pytest.mark.parametrize(
    ("event", "rows"),
    [("copy", 1), ("fsync", 1), ("unlink", 1), ("before replace", 1), ("after replace", 2)],
)
def test_kill_at_each_step(home: Path, event: str, rows: int) -> None:
    """Until the new copy gets its name the old one is there, and what is left does no harm."""
    done = subprocess.run(
        [sys.executable, "-c", _KILLED_AT, str(home), event], cwd=_ROOT, check=False
    )

    assert done.returncode == -signal.SIGKILL
    assert _halves(home) == {"a": rows, "b": rows}
    with writer(home, wait_s=5) as con:
        publish(con, home)
    assert _halves(home) == {"a": 2, "b": 2}
    assert _names(home) == ["live", "news.duckdb"]


_LOOPING = """
import sys
from pathlib import Path
from warehouse.connection import reader
home = Path(sys.argv[1])
seen = []
while not seen or seen[-1] < 200:
    with reader(home) as con:
        counts = dict(con.execute("select half, count(*) from halves group by all").fetchall())
    assert counts["a"] == counts["b"], counts
    seen.append(counts["a"] - 1)
    assert seen == sorted(seen), seen
    if len(seen) == 1:
        print("reading", flush=True)
print(len(seen), len(set(seen)))
"""


def test_a_reader_that_loops_during_200_publishes(home: Path) -> None:
    """Another program reads without pause: complete states only, counts never go back, no error."""
    with subprocess.Popen(
        [sys.executable, "-c", _LOOPING, str(home)], cwd=_ROOT, stdout=subprocess.PIPE, text=True
    ) as looping:
        assert looping.stdout is not None
        assert looping.stdout.readline() == "reading\n"
        with writer(home, wait_s=5) as con:
            for number in range(200):
                with transaction(con):
                    con.execute("insert into halves values ($n, 'a')", {"n": number})
                    con.execute("insert into halves values ($n, 'b')", {"n": number})
                publish(con, home)
        reads, states = map(int, looping.stdout.readline().split())

    assert looping.returncode == 0
    assert reads >= states > 2


@pytest.mark.parametrize("fails", [False, True])
def test_a_copy_that_is_replaced_while_it_is_opened_is_opened_again(
    home: Path, monkeypatch: pytest.MonkeyPatch, *, fails: bool
) -> None:
    """As DuckDB 2.0 may mix two copies then: it is told, or notices nothing."""
    connect, opened = connection._connect_reader, []

    def replaced(path: Path, folder: Path) -> connection.Connection:
        opened.append(connect(path, folder))
        if len(opened) == 1:
            with writer(home, wait_s=5) as con, transaction(con):
                con.execute("insert into halves values (7, 'a'), (7, 'b')")
            with writer(home, wait_s=5) as con:
                publish(con, home)
            if fails:
                raise duckdb.IOException("Could not read enough bytes")
        return opened[-1]

    monkeypatch.setattr(connection, "_connect_reader", replaced)
    with reader(home) as con:
        [(count,)] = con.execute("select count(*) from halves where value = 7").fetchall()

    assert (count, len(opened)) == (2, 2)


def test_what_is_published_already_is_not_copied_again(home: Path) -> None:
    """No second copy of the same state: the file stays, marked as made now."""
    copy = home / PUBLISHED
    os.utime(copy, ns=(0, (home / LIVE).stat().st_mtime_ns))
    before = copy.stat()
    with writer(home, wait_s=5) as con:
        size = publish(con, home)

    assert (copy.stat().st_ino, size) == (before.st_ino, before.st_size)
    assert copy.stat().st_mtime_ns > before.st_mtime_ns


@pytest.mark.parametrize("change", ["older", "other", "log"])
def test_a_copy_of_another_state_is_replaced(home: Path, change: str) -> None:
    """One made before the live file was last written, of another file, or with a log beside it."""
    copy = home / PUBLISHED
    if change == "older":
        os.utime(copy, ns=(0, (home / LIVE).stat().st_mtime_ns - 1))
    elif change == "other":
        copy.unlink()
        with duckdb.connect(str(copy)) as con:
            con.execute("create table halves as select 1 as value, 'x' as half")
    else:
        published_log(home).write_bytes(b"log")
    before = copy.stat().st_ino
    with writer(home, wait_s=5) as con:
        publish(con, home)

    assert copy.stat().st_ino != before
    assert _halves(home) == {"a": 1, "b": 1}


def test_a_file_system_that_cannot_copy_by_itself(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The bytes go through the program then, from where the kernel stopped or from the beginning."""

    def refusing(*_: object) -> int:
        raise OSError(18, os.strerror(18))

    copy = os.copy_file_range
    for way in (refusing, lambda source, target, _: copy(source, target, 5000) and 0):
        with writer(home, wait_s=5) as con:
            con.execute("insert into halves values (1, 'a'), (2, 'b')")
            with monkeypatch.context() as patch:
                patch.setattr(os, "copy_file_range", way)
                publish(con, home)
        assert (home / PUBLISHED).read_bytes() == (home / LIVE).read_bytes()


def _names(home: Path) -> list[str]:
    return sorted(entry.name for entry in home.iterdir())


def test_a_log_beside_the_former_copy_is_not_replayed(home: Path) -> None:
    """What a foreign program wrote into the old copy does not come back in the new one."""
    code = (
        "import duckdb, os, signal, sys\n"
        "con = duckdb.connect(sys.argv[1])\n"
        "con.execute('delete from halves')\n"
        "os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    subprocess.run([sys.executable, "-c", code, str(home / PUBLISHED)], check=False)
    assert published_log(home).exists()

    with writer(home, wait_s=5) as con:
        publish(con, home)

    assert _halves(home) == {"a": 1, "b": 1}
    assert _names(home) == ["live", "news.duckdb"]
    with duckdb.connect(str(home / PUBLISHED)) as plain:
        assert plain.execute("select count(*) from halves").fetchall() == [(2,)]


def test_what_is_published_is_what_was_committed(home: Path) -> None:
    """Everything is in the copy itself, nothing in a log, and the size is the file's."""
    with writer(home, wait_s=5) as con:
        con.execute("insert into halves select range, 'a' from range(9)")
        con.execute("insert into halves select range, 'b' from range(9)")
        size = publish(con, home)
        alone = shutil.copy(home / PUBLISHED, home / "alone.duckdb")
        with duckdb.connect(str(alone), read_only=True) as copy:
            assert copy.execute("select count(*) from halves").fetchall() == [(20,)]

    assert size == (home / PUBLISHED).stat().st_size


def test_the_live_file_is_never_replaced(home: Path) -> None:
    """A new inode would let a second writer in beside the first."""
    before = (home / LIVE).stat().st_ino
    published = (home / PUBLISHED).stat().st_ino
    with writer(home, wait_s=5) as con:
        con.execute("insert into halves values (3, 'a'), (4, 'b')")
        publish(con, home)

    assert (home / LIVE).stat().st_ino == before
    assert (home / PUBLISHED).stat().st_ino != published


def test_a_full_disk_keeps_the_old_copy(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A publish that fails raises, leaves no draft, and readers keep what they have."""

    def full(_descriptor: int) -> None:
        raise OSError(28, os.strerror(28))

    with writer(home, wait_s=5) as con:
        con.execute("delete from halves")
        monkeypatch.setattr(os, "fsync", full)
        with pytest.raises(OSError, match=os.strerror(28)):
            publish(con, home)

    assert _halves(home) == {"a": 1, "b": 1}
    assert _names(home) == ["live", "news.duckdb"]


def test_a_copy_made_by_this_duckdb_is_in_the_older_format(home: Path) -> None:
    """DuckDB 1.5 opens what 2.0 wrote: the storage version is the older one of the two."""
    with duckdb.connect(str(home / PUBLISHED), read_only=True) as con:
        tags = con.execute(
            "select tags['storage_version'] from duckdb_databases() where not internal"
        ).fetchall()

    assert tags == [("v1.5.0+",)]
