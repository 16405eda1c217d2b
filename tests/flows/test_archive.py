"""Finding and reading files: what is opened, what is not, and what is said of it."""

from __future__ import annotations

import gzip
import os
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from flows import archive
from flows.archive import find_files, open_regular, utc_instant
from flows.errors import NothingToRead
from flows.readings import Entry
from transforms.records import Location, Page, Reason, Rejection

Write = Callable[..., Path]


def entries(*paths: Path) -> dict[str, Entry]:
    """The one entry of each file, by file name."""
    found = {}
    for reading in find_files(paths):
        (found[reading.path.name],) = reading.entries()
    return found


def reason(entry: Entry) -> Reason:
    """Why an entry is none."""
    assert isinstance(entry.capture, Rejection), entry
    return entry.capture.reason


def test_text_and_html_files_are_pages_with_their_bytes_type_and_time(write: Write) -> None:
    """The payload is the file, the type what the suffix says, the time that of the file."""
    at = datetime(2026, 3, 5, 7, 8, 9, 123456, tzinfo=UTC)
    write("a.txt", "plain ž", at=at)
    path = write("b.HTM", b"<p>raw \xff bytes", at=at)
    found = entries(path.parent)
    text, page = found["a.txt"].capture, found["b.HTM"].capture
    assert isinstance(text, Page)
    assert isinstance(page, Page)
    assert (text.payload, text.content_type) == ("plain ž".encode(), "text/plain")
    assert (page.payload, page.content_type) == (b"<p>raw \xff bytes", "text/html")
    assert text.fetched_at == at
    assert page.location == Location(str(path), 0, 14)
    assert page.url == path.as_uri()


def test_html_gz_is_unpacked_and_a_damaged_one_is_said_to_be(write: Write) -> None:
    """A gzip page is read through; cut short it is truncated, as noise it stays what it is."""
    packed = gzip.compress(b"<p>page</p>" * 50)
    path = write("good.html.gz", packed)
    write("cut.html.gz", packed[:-12])
    write("two.html.gz", gzip.compress(b"one ") + gzip.compress(b"two"))
    write("flipped.html.gz", packed[:20] + b"\xff\xff" + packed[22:])
    found = entries(path.parent)
    good, two = found["good.html.gz"].capture, found["two.html.gz"].capture
    assert isinstance(good, Page)
    assert isinstance(two, Page)
    assert good.payload == b"<p>page</p>" * 50
    assert two.payload == b"one two"
    assert reason(found["cut.html.gz"]) is Reason.TRUNCATED
    assert reason(found["flipped.html.gz"]) in {Reason.UNREADABLE, Reason.TRUNCATED}


def test_a_gzip_bomb_is_too_large(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    """What a compressed page unpacks to has a limit, as has a page on disk."""
    monkeypatch.setattr(archive, "MAX_FILE_BYTES", 1000)
    monkeypatch.setattr("flows.archive.page.MAX_FILE_BYTES", 1000)
    path = write("bomb.html.gz", gzip.compress(bytes(100_000)))
    write("large.txt", "x" * 1001)
    found = entries(path.parent)
    assert reason(found["bomb.html.gz"]) is Reason.TOO_LARGE
    assert reason(found["large.txt"]) is Reason.TOO_LARGE


def test_what_is_no_regular_file_with_articles_is_an_entry_with_a_reason(
    write: Write, tmp_path: Path
) -> None:
    """Links, pipes, empty and foreign files are told apart and never opened."""
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "secret.txt").write_text("secret")
    folder = write("empty.txt", "").parent
    write("picture.png", b"\x89PNG")
    write("noname", "text")
    os.mkfifo(folder / "pipe.txt")
    (folder / "link.txt").symlink_to(outside / "secret.txt")
    (folder / "folder").symlink_to(outside)
    (folder / "dangling.txt").symlink_to(outside / "none.txt")
    found = {name: reason(entry) for name, entry in entries(folder).items()}
    assert found == {
        "empty.txt": Reason.EMPTY,
        "picture.png": Reason.UNSUPPORTED_TYPE,
        "noname": Reason.UNSUPPORTED_TYPE,
        "pipe.txt": Reason.NOT_A_REGULAR_FILE,
        "link.txt": Reason.OUTSIDE_FOLDER,
        "folder": Reason.OUTSIDE_FOLDER,
        "dangling.txt": Reason.OUTSIDE_FOLDER,
    }


def test_a_link_given_by_hand_is_followed(write: Write, tmp_path: Path) -> None:
    """The person who names a link means what it points to."""
    path = write("a.txt", "text")
    link = tmp_path / "link"
    link.symlink_to(path.parent)
    (reading,) = find_files([link])
    assert reading.path == path


def test_open_regular_refuses_links_and_never_waits_for_a_pipe(tmp_path: Path) -> None:
    """A file that became a link or a pipe after it was found is not read."""
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "target").write_text("x")
    (tmp_path / "link").symlink_to(tmp_path / "target")
    for name in ("pipe", "link"):
        with pytest.raises(OSError, match=r"regular file|symbolic links"):
            open_regular(tmp_path / name)


def test_files_come_in_order_of_name_and_each_once(write: Write) -> None:
    """A file named twice, or inside a folder that is named too, is found once."""
    inner = write("b/2.txt", "x")
    first = write("b/1.txt", "x")
    last = write("c.txt", "x")
    folder = last.parent
    assert [r.path for r in find_files([folder])] == [first, inner, last]
    again = find_files([inner, folder, first, folder, folder / "b", folder / "b" / ".." / "c.txt"])
    assert [r.path for r in again] == [first, inner, last]


def test_folders_may_nest_deeper_than_calls(tmp_path: Path) -> None:
    """A folder in a folder a thousand and a half times deep is walked, not a RecursionError."""
    folder = tmp_path
    nested: list[Path] = []
    while len(nested) < 1500:
        folder /= "d"
        folder.mkdir()
        nested.append(folder)
    deep = folder / "deep.txt"
    deep.write_text("text")
    try:
        (reading,) = find_files([tmp_path])
    finally:
        deep.unlink()
        for each in reversed(nested):  # what removes temporary folders recurses
            each.rmdir()
    assert reading.path == deep


@pytest.mark.parametrize("name", ['it\'s\na "name".txt', "naïve ☃.txt", "-rf.txt", "%20;.txt"])
def test_any_file_name_is_read_and_its_address_is_one_line(write: Write, name: str) -> None:
    """Quotes, line breaks and what looks like an option are parts of a name."""
    path = write(name, "text")
    (reading,) = find_files([path.parent])
    assert isinstance(next(reading.entries()).capture, Page)
    assert reading.url.isprintable()
    assert reading.url.startswith("file:///")


def test_a_name_that_is_no_utf8_can_be_stored(write: Write) -> None:
    """The bytes of such a name are spelled out; its address escapes them."""
    folder = write("a.txt", "text").parent
    raw = os.fsencode(folder) + b"/caf\xe9.txt"
    Path(os.fsdecode(raw)).write_text("text")
    readings = [r for r in find_files([folder]) if r.path.name != "a.txt"]
    (entry,) = readings[0].entries()
    assert readings[0].name.endswith("caf\\xe9.txt")
    assert readings[0].url.endswith("caf%E9.txt")
    assert isinstance(entry.capture, Page)
    readings[0].name.encode()


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read every file")
def test_a_file_that_may_not_be_read_is_unreadable(write: Write) -> None:
    """Missing permission is a reason like any other, for a file as for a folder."""
    path = write("closed.txt", "text")
    path.chmod(0)
    closed = write("folder/a.txt", "text").parent
    closed.chmod(0)
    try:
        found = {name: reason(entry) for name, entry in entries(path.parent).items()}
    finally:
        closed.chmod(0o700)
    assert found == {"closed.txt": Reason.UNREADABLE, "folder": Reason.UNREADABLE}


def test_a_file_that_vanishes_after_it_was_found_is_unreadable(write: Write) -> None:
    """Between finding and reading a file can go."""
    path = write("a.txt", "text")
    (reading,) = find_files([path])
    path.unlink()
    (entry,) = reading.entries()
    assert reason(entry) is Reason.UNREADABLE
    assert reading.has_changed()


def test_a_changed_file_is_noticed(write: Write) -> None:
    """Another size or another time is another file; untouched it is the same."""
    at = datetime(2026, 3, 1, tzinfo=UTC)
    path = write("a.txt", "text", at=at)
    (reading,) = find_files([path])
    assert not reading.has_changed()
    write("a.txt", "texts", at=at)
    assert reading.has_changed()
    write("a.txt", "next", at=datetime(2026, 3, 2, tzinfo=UTC))
    assert reading.has_changed()


def test_fetch_id_is_of_address_time_and_bytes(write: Write) -> None:
    """The same file gives the same id; other bytes or another time give another."""
    at, later = datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 3, 2, tzinfo=UTC)
    ids = []
    for content, time in (("a", at), ("a", at), ("b", at), ("a", later)):
        (reading,) = find_files([write("a.txt", content, at=time)])
        ids.append(reading.fetch_id)
    assert ids[0] == ids[1]
    assert len(set(ids)) == 3


@pytest.mark.parametrize("seconds", [-(10**10), -1, 10**10, 10**11])
def test_impossible_file_times_are_bounded(write: Write, seconds: int) -> None:
    """A file system holds times no calendar has; arithmetic on the time must not fail."""
    path = write("a.txt", "text")
    os.utime(path, (seconds, seconds))
    (reading,) = find_files([path])
    assert 1900 <= reading.modified_at.year <= 2200


def test_a_missing_path_is_told_before_anything_is_read(write: Write) -> None:
    """One wrong path among good ones stops all, whatever its place."""
    good = write("a.txt", "text")
    with pytest.raises(NothingToRead, match="none"):
        next(find_files([good, good.parent / "none"]))
    with pytest.raises(NothingToRead):
        next(find_files([good / "below-a-file"]))


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("2026-03-01T10:00:00Z", datetime(2026, 3, 1, 10, tzinfo=UTC)),
        (" 2026-03-01T10:00:00+02:00 ", datetime(2026, 3, 1, 8, tzinfo=UTC)),
        ("2026-03-01", datetime(2026, 3, 1, tzinfo=UTC)),
        ("0001-01-01T00:00:00+05:00", None),
        ("9999-12-31T23:59:59-05:00", None),
        ("9999-12-31", None),
        ("yesterday", None),
        ("", None),
        (None, None),
        (1772360000, None),
        (["2026-03-01"], None),
    ],
)
def test_utc_instant_reads_iso_times_and_nothing_else(
    given: object, expected: datetime | None
) -> None:
    """Times without a zone are UTC; what is no time of these centuries is none."""
    assert utc_instant(given) == expected
