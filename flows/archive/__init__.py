"""FileReading what lies on disk: text, HTML, JSONL and WARC files, one by one or by the folder.

A file is a `FileReading`; what it holds are `Entry`s, each a page or the reason why there is none. A
folder is read without following links out of it; only regular files are opened. Whatever is wrong
with a file becomes an entry, never an exception.
"""

import hashlib
import os
import stat
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from io import BufferedReader
from pathlib import Path

from flows.errors import NothingToRead
from flows.readings import Entry, with_defaults
from transforms.identity import hashed_id
from transforms.records import Page, Reason, Rejection, SourceDefaults

LOCAL_SOURCE = "local"
MAX_FILE_BYTES = 32 << 20
"""Largest text or HTML file read; the largest real news page seen has 3 MB."""

_UNKNOWN = os.stat_result((0,) * 10)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_OLDEST, _NEWEST = datetime(1900, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)
"""Captures are of these centuries; what says otherwise is wrong, and breaks arithmetic on times."""

_KINDS = {
    ".txt": "text",
    ".html": "html",
    ".htm": "html",
    ".xhtml": "html",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".warc": "warc",
}


@dataclass(frozen=True, slots=True)
class FileReading:
    """One file to read, as it was when it was found.

    `sha256` is that of the bytes as stored, None where the file must not or cannot be read; then
    `rejection` says why. `modified_at` is UTC. `slug` is that of the source it is read for, and
    `defaults` what the source it lies in says of all its articles.
    """

    path: Path
    url: str
    kind: str
    modified_at: datetime
    size: int
    sha256: str | None
    rejection: Rejection | None = None
    slug: str = LOCAL_SOURCE
    defaults: SourceDefaults | None = None

    @property
    def fetched_at(self) -> datetime:
        """The modification time stands for when the bytes were taken."""
        return self.modified_at

    @property
    def status_code(self) -> int | None:
        """Files have none."""
        return None

    @property
    def fetch_id(self) -> str:
        """The same for the same bytes at the same address and time."""
        seen = self.sha256 or (self.rejection.reason if self.rejection else "")
        return hashed_id(self.url, self.modified_at.isoformat(), seen)

    @property
    def source_id(self) -> str:
        """Files that are named by hand belong to one source, "local"."""
        return hashed_id("source", self.slug)

    @property
    def name(self) -> str:
        """The path as text that any store takes."""
        return os.fsencode(self.path).decode("utf-8", "backslashreplace")

    def has_changed(self) -> bool:
        """Whether the file is no longer the one that was found."""
        if self.sha256 is None:
            return False
        try:
            status = self.path.stat(follow_symlinks=False)
        except OSError:
            return True
        return status.st_size != self.size or _modified_at(status) != self.modified_at

    def entries(self) -> Iterator[Entry]:
        """What the file holds, in order, without the file ever being in memory as a whole."""
        if self.rejection is not None:
            yield Entry(0, self.url, self.rejection)
            return
        # The formats are imported where they are read: a folder of text needs no WARC reader.
        if self.kind == "jsonl":
            from flows.archive.jsonl import jsonl_captures as captures  # noqa: PLC0415
        elif self.kind == "warc":
            from flows.archive.warc import warc_captures as captures  # noqa: PLC0415
        else:
            from flows.archive.page import page_captures as captures  # noqa: PLC0415
        for position, (url, capture) in enumerate(captures(self)):
            if isinstance(capture, Page):
                capture = with_defaults(capture, self.defaults)  # noqa: PLW2901 - the same page
            yield Entry(position, url, capture)


def existing_paths(paths: Iterable[str | os.PathLike[str]]) -> list[Path]:
    """These paths, all of which exist.

    Raises:
        NothingToRead: One of them does not.
    """
    roots = [Path(path) for path in paths]
    for root in roots:
        if not _exists(root):
            raise NothingToRead(f"There is no file or folder {str(root)!r}; nothing was read.")
    return roots


def find_files(
    paths: Iterable[str | os.PathLike[str]], *, must_exist: bool = True
) -> Iterator[FileReading]:
    """Every file under these paths, in order of name, each found once however often it is named.

    A path given by hand may be a link; inside a folder links are not followed. A path that does not
    exist is an error, or where it need not, a reading that says so.

    Raises:
        NothingToRead: A path does not exist that must.
    """
    roots = existing_paths(paths) if must_exist else map(Path, paths)
    resolved = list(dict.fromkeys(r.resolve() if _exists(r) else r.absolute() for r in roots))
    for root in resolved:
        if any(other in root.parents for other in resolved):
            continue  # its folder is walked too
        yield from _walk(root)


def open_regular(path: Path) -> BufferedReader:
    """Open a file only if it is a regular one and no link; never waits, as a FIFO would make it.

    Raises:
        OSError: It is something else, or cannot be read.
    """
    descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    try:
        is_regular = stat.S_ISREG(os.fstat(descriptor).st_mode)
    except OSError:
        os.close(descriptor)
        raise
    if not is_regular:
        os.close(descriptor)
        raise OSError(f"{path} is not a regular file")
    return os.fdopen(descriptor, "rb")


def utc_instant(value: object) -> datetime | None:
    """The instant an archive gives as ISO 8601 text (UTC where it names no zone), None for others."""
    try:
        parsed = datetime.fromisoformat(value.strip() if isinstance(value, str) else "")
        instant = parsed.astimezone(UTC) if parsed.tzinfo else parsed.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        return None
    return instant if _OLDEST <= instant <= _NEWEST else None


def _exists(path: Path) -> bool:
    try:
        return path.exists()
    except OSError:  # a folder on the way may not be entered
        return False


def _walk(root: Path) -> Iterator[FileReading]:
    """A file, or all in a folder; not by recursion, folders nest deeper than calls may."""
    waiting = [root]
    while waiting:
        path = waiting.pop()
        try:
            status = path.lstat()
            if stat.S_ISDIR(status.st_mode):
                waiting.extend(sorted(path.iterdir(), reverse=True))
            else:
                yield _found(path, status)
        except OSError as error:
            yield _reading(path, _UNKNOWN, "other", Reason.UNREADABLE, f"cannot be read: {error}")


def _found(path: Path, status: os.stat_result) -> FileReading:
    if stat.S_ISLNK(status.st_mode):
        detail = "is a link; links inside a folder are not followed, pass its target instead"
        return _reading(path, status, "other", Reason.OUTSIDE_FOLDER, detail)
    if not stat.S_ISREG(status.st_mode):
        detail = "is not a regular file but a pipe, socket or device"
        return _reading(path, status, "other", Reason.NOT_A_REGULAR_FILE, detail)
    kind = _kind(path)
    if kind is None:
        detail = "has a type that holds no articles; .txt, .html, .jsonl and .warc do"
        return _reading(path, status, "other", Reason.UNSUPPORTED_TYPE, detail)
    if status.st_size == 0:
        return _reading(path, status, kind, Reason.EMPTY, "is empty")
    if kind in {"text", "html"} and status.st_size > MAX_FILE_BYTES:
        detail = f"has {status.st_size:,} bytes; a page may have {MAX_FILE_BYTES:,}"
        return _reading(path, status, kind, Reason.TOO_LARGE, detail)
    try:
        with open_regular(path) as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        return _reading(path, status, kind, Reason.UNREADABLE, f"cannot be read: {error}")
    return FileReading(path, path.as_uri(), kind, _modified_at(status), status.st_size, digest)


def _reading(
    path: Path, status: os.stat_result, kind: str, reason: Reason, detail: str
) -> FileReading:
    url = path.as_uri()
    rejection = Rejection(url, reason, f"{path.name!r} {detail}")
    return FileReading(path, url, kind, _modified_at(status), status.st_size, None, rejection)


def _modified_at(status: os.stat_result) -> datetime:
    """The modification time; file systems hold times that no calendar has."""
    microseconds = (status.st_mtime_ns or 0) // 1000  # that of `_UNKNOWN` is None
    try:
        return min(max(_EPOCH + timedelta(microseconds=microseconds), _OLDEST), _NEWEST)
    except OverflowError:
        return _NEWEST if microseconds > 0 else _OLDEST


def _kind(path: Path) -> str | None:
    suffixes = [suffix.lower() for suffix in path.suffixes[-2:]]
    if suffixes and suffixes[-1] == ".gz":
        suffixes.pop()
    return _KINDS.get(suffixes[-1]) if suffixes else None
