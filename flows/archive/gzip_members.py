"""Gzip members one at a time, each read as a stream: for archives that pack every record alone."""

from __future__ import annotations

import zlib
from io import BufferedReader, RawIOBase
from typing import Any

MAGIC = b"\x1f\x8b\x08"
_READ = 1 << 16


class Member(RawIOBase):
    """The gzip member at `offset` of a file, unpacked as it is read: one block in memory."""

    def __init__(self, file: BufferedReader[Any], offset: int) -> None:
        super().__init__()
        self._file = file
        self._at = offset
        self._packed = b""
        self._stream = zlib.decompressobj(31)

    def readable(self) -> bool:
        """Yes: what `io.BufferedReader` asks."""
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        """Fill the buffer as far as one step unpacks; 0 is the end of the member.

        Raises:
            EOFError: The file ends inside the member.
            zlib.error: The member is damaged.
        """
        while not self._stream.eof:
            if not self._packed:
                self._file.seek(self._at)
                self._packed = self._file.read(_READ)
                self._at += len(self._packed)
                if not self._packed:
                    raise EOFError("the file ends inside a gzip member")
            part = self._stream.decompress(self._packed, len(buffer))
            self._packed = self._stream.unconsumed_tail
            if part:
                buffer[: len(part)] = part
                return len(part)
        return 0

    def end(self) -> int:
        """Where the member ends in the file; known once it has been read to its end."""
        return self._at - len(self._stream.unused_data)


def find_member(file: BufferedReader[Any], offset: int, beginning: bytes) -> int | None:
    """Where the next member whose content begins so begins, from `offset` on; None for nowhere."""
    while True:
        file.seek(offset)
        window = file.read(_READ)
        place = window.find(MAGIC)
        if place >= 0 and _begins(file, offset + place, beginning):
            return offset + place
        if place < 0 and len(window) < _READ:
            return None
        offset += place + 1 if place >= 0 else len(window) - len(MAGIC) + 1


def _begins(file: BufferedReader[Any], offset: int, beginning: bytes) -> bool:
    try:
        return BufferedReader(Member(file, offset), _READ).read(len(beginning)) == beginning
    except (zlib.error, EOFError):
        return False
