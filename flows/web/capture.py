"""Putting what was fetched on disk, before anything is made of it.

A file is written by one process at a time and only ever appended to. What a killed process left
half written at its end is cut off by the next writer; nothing a caller was told of is ever cut,
because a place is returned only after the bytes are on the disk.
"""

from __future__ import annotations

import fcntl
import os
import zlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from io import BufferedReader
from itertools import count
from pathlib import Path
from types import TracebackType
from typing import Self
from uuid import uuid4

from flows.archive.gzip_members import MAGIC, Member, find_member
from flows.web import warc_records
from flows.web.outcomes import Fetched
from flows.web.warc_records import Announced, Copied, Earlier
from transforms.records import Location

FOLDER = "raw"
MAX_FILE_BYTES = 256 << 20
"""A file that has reached this size is followed by the next one of its day."""

_TAIL_BYTES = 32 << 20
"""How far back the end of a file is checked; larger than any two records."""

_NOTHING_YET_BYTES = 4096
_READ = 1 << 16
_BEGINNING = b"WARC/"


@dataclass(frozen=True, slots=True)
class Capture:
    """One answer on disk.

    `location` is the place of its response or revisit record: `file` is relative to the data
    folder, offset and length are those of its gzip member. `payload_digest` is that of the record.
    """

    location: Location
    payload_digest: str | None
    is_revisit: bool


@dataclass(frozen=True, slots=True)
class Unwritten:
    """What is to be put on disk: an answer, a page that was announced whole and never fetched, or a
    record of another archive.

    `earlier` is the record that holds this very payload already; a revisit is written then. For a
    304 it may be unknown, and the answer is written as it is. `context` is what was known of the
    page beside its bytes, as JSON in plain ASCII.
    """

    source: Fetched | Announced | Copied
    earlier: Earlier | None = None
    context: str | None = None


@dataclass(slots=True)
class _File:
    """The file being written; `end` is where its last whole record ends."""

    descriptor: int
    path: Path
    day: date
    end: int
    warcinfo_id: str


class CaptureWriter:
    """Writes answers into WARC files under `raw/DAY/`, rotated by day (UTC) and size.

    Args:
        home: the data folder.
        software: name and version of this program, for the `warcinfo` record.
        operator: who runs it: the contact of the User-Agent.
        max_file_bytes: size from which the next file is begun.
        clock: the time, aware.
    """

    def __init__(
        self,
        home: Path,
        *,
        software: str,
        operator: str,
        max_file_bytes: int = MAX_FILE_BYTES,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._home = home
        self._about = (
            ("software", software),
            ("operator", operator),
            ("format", "WARC File Format 1.1"),
            (
                "conformsTo",
                "http://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/",
            ),
            ("robots", "RFC 9309; feeds and sitemaps as their sources are set up"),
        )
        self._max_file_bytes = max_file_bytes
        self._clock = clock
        self._file: _File | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Give the file back to other writers; another write opens one again."""
        if self._file is not None:
            os.close(self._file.descriptor)
            self._file = None

    def write(self, fetched: Fetched, earlier: Earlier | None = None) -> Capture:
        """Write one answer with its request; on disk when this returns.

        Args:
            fetched: what to write.
            earlier: as in `Unwritten`.

        Raises:
            OSError: It could not be written; nothing of it is left in the file.
        """
        return self.write_all([Unwritten(fetched, earlier)])[0]

    def write_all(self, unwritten: Iterable[Unwritten]) -> Sequence[Capture]:
        """As `write` for several answers, which share the wait for the disk.

        Raises:
            OSError: One could not be written; none of them counts as written.
        """
        captures = [self._append(self._current(), each) for each in unwritten]
        if self._file is not None:
            os.fsync(self._file.descriptor)
        return captures

    def _append(self, file: _File, unwritten: Unwritten) -> Capture:
        answer_id, source, earlier = _new_id(), unwritten.source, unwritten.earlier
        request = b""
        digest: str | None = None
        if isinstance(source, Copied):
            record = source.member
        elif isinstance(source, Announced):
            digest = warc_records.digest(source.payload)
            record = warc_records.resource(
                answer_id, file.warcinfo_id, source, context=unwritten.context
            )
        else:
            if earlier is None:
                digest = warc_records.payload_digest(source)
                record = warc_records.response(
                    answer_id, file.warcinfo_id, source, context=unwritten.context
                )
            else:
                digest = earlier.payload_digest
                record = warc_records.revisit(
                    answer_id, file.warcinfo_id, source, earlier, context=unwritten.context
                )
            request = warc_records.request(_new_id(), file.warcinfo_id, source, answer_id)
        offset = file.end
        _write_whole(file, record + request)
        name = file.path.relative_to(self._home).as_posix()
        return Capture(Location(name, offset, len(record)), digest, earlier is not None)

    def _current(self) -> _File:
        """The file to write to now; the one before is on disk and closed when another begins."""
        today = self._clock().astimezone(UTC).date()
        file = self._file
        if file is not None and (file.day != today or file.end >= self._max_file_bytes):
            os.fsync(file.descriptor)
            self.close()
            file = None
        if file is None:
            file = self._file = self._open(today)
        return file

    def _open(self, day: date) -> _File:
        """The first file of the day that has room and that no other process writes to."""
        folder = self._home / FOLDER / day.isoformat()
        folder.mkdir(parents=True, exist_ok=True)
        for serial in count(1):
            path = folder / f"wirecopy-{day:%Y%m%d}-{serial:05d}.warc.gz"
            flags = os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_NOFOLLOW | os.O_CLOEXEC
            descriptor = os.open(path, flags, 0o644)
            try:
                file = self._claim(descriptor, path, day)
            except BaseException:
                os.close(descriptor)
                raise
            if file is not None:
                return file
            os.close(descriptor)
        raise AssertionError("count() does not end")

    def _claim(self, descriptor: int, path: Path, day: date) -> _File | None:
        """The file as this process's own, its end repaired; None where it cannot be appended to."""
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return None
        size = os.fstat(descriptor).st_size
        if size >= self._max_file_bytes:
            return None
        end = _whole_end(descriptor, size)
        if end is None:
            return None
        if end < size:
            os.ftruncate(descriptor, end)
        file = _File(descriptor, path, day, end, _new_id())
        # Each writer says who it is; a record in the middle of a file is as good as at its start.
        _write_whole(
            file, warc_records.warcinfo(file.warcinfo_id, path.name, self._clock(), self._about)
        )
        os.fsync(descriptor)
        _sync_folders(path.parent, self._home)
        return file


def _write_whole(file: _File, content: bytes) -> None:
    """Append all of it or nothing."""
    rest = memoryview(content)
    try:
        while rest:
            rest = rest[os.write(file.descriptor, rest) :]
    except OSError:
        os.ftruncate(file.descriptor, file.end)
        raise
    file.end += len(content)


def _whole_end(descriptor: int, size: int) -> int | None:
    """Where the last whole record of a file ends; None where that cannot be told.

    Only a tail with no whole record in it was torn by a kill. Where one follows, the damage is of
    another kind, or a captured body that holds records of its own was taken for the file's.
    """
    if not size:
        return 0
    with os.fdopen(os.dup(descriptor), "rb") as file:
        at = find_member(file, max(0, size - _TAIL_BYTES), _BEGINNING)
        if at is None:
            return 0 if size <= _NOTHING_YET_BYTES else None
        while at < size and (next_at := _after_member(file, at)) is not None:
            at = next_at
        later = find_member(file, at + 1, _BEGINNING) if at < size else None
        while later is not None:
            if _after_member(file, later) is not None:
                return None
            later = find_member(file, later + 1, _BEGINNING)
        return at


def _after_member(file: BufferedReader, at: int) -> int | None:
    """Where the gzip member at this place ends, None where it is no whole one."""
    file.seek(at)
    if file.read(len(MAGIC)) != MAGIC:
        return None
    member = Member(file, at)
    stream = BufferedReader(member, _READ)
    try:
        while stream.read(_READ):
            pass
    except (EOFError, zlib.error):
        return None
    return member.end()


def _sync_folders(folder: Path, home: Path) -> None:
    """Make the names of a new file and of its folders durable."""
    for path in (folder, *folder.parents):
        descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
        if path == home:
            return


def _new_id() -> str:
    return f"<urn:uuid:{uuid4()}>"
