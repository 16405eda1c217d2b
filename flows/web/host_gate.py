"""Turns at a host: one request at a time with a pause between, whoever asks.

A turn is a lock on a small file under the data folder, so it holds between tasks, threads and
processes alike, and a process that dies gives it back. The file says when the last request ended.
"""

from __future__ import annotations

import asyncio
import contextlib
import fcntl
import hashlib
import os
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

SPACING_S = 1.0
"""Least time between two requests to one host, from the end of one to the start of the next."""

MAX_PAUSE_S = 60.0
"""Longest time for which one answer closes a host for everybody; longer waits are one source's."""

_FIRST_LOOK_S = 0.05
_LAST_LOOK_S = 0.5

Sleep = Callable[[float], Awaitable[None]]


class HostBusy(Exception):
    """No turn within the time the caller can wait; `retry_after_s` is when to ask again."""

    def __init__(self, host: str, retry_after_s: float) -> None:
        super().__init__(f"{host!r} is being asked already; again in {retry_after_s:.0f} s.")
        self.retry_after_s = retry_after_s


class HostGates:
    """The gates of all hosts, kept in one folder. One instance belongs to one event loop.

    Args:
        folder: where the lock files are; all who share it share the turns.
        spacing_s: least pause between two requests to one host.
        clock: seconds since the epoch, the same for all processes.
        sleep: waits for so many seconds.
    """

    def __init__(
        self,
        folder: Path,
        *,
        spacing_s: float = SPACING_S,
        clock: Callable[[], float] = time.time,
        sleep: Sleep = asyncio.sleep,
    ) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        self._spacing_s = spacing_s
        self._clock = clock
        self._sleep = sleep
        self._queues: dict[str, asyncio.Lock] = {}

    @contextlib.asynccontextmanager
    async def turn(
        self, host: str, *, delay_s: float = 0.0, max_wait_s: float = 600.0
    ) -> AsyncIterator[None]:
        """Hold the host's turn; it is given back at the end of the block.

        Args:
            host: the name all who mean it use: ASCII, lower case, no port.
            delay_s: pause since the last request that this host asks for (Crawl-delay), seconds.
            max_wait_s: how long to wait for the turn.

        Raises:
            HostBusy: The wait is, or would become, longer than that.
        """
        deadline = self._clock() + max_wait_s
        queue = self._queues.setdefault(host, asyncio.Lock())
        async with queue:
            descriptor = await self._lock(host, deadline)
            try:
                await self._wait(descriptor, host, max(delay_s, self._spacing_s), deadline)
                _write(descriptor, self._clock(), 0.0)
                try:
                    yield
                finally:
                    # A pause may have been asked for meanwhile; it stays.
                    _write(descriptor, self._clock(), _read(descriptor)[1])
            finally:
                os.close(descriptor)

    def pause(self, host: str, seconds: float) -> None:
        """Close a host for a while, for everybody; to be called by who holds its turn."""
        descriptor = self._open(host)
        try:
            until = self._clock() + min(seconds, MAX_PAUSE_S)
            _write(descriptor, _read(descriptor)[0], until)
        finally:
            os.close(descriptor)

    def _open(self, host: str) -> int:
        name = hashlib.sha256(host.encode("utf-8", "replace")).hexdigest()[:32]
        return os.open(self._folder / name, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)

    async def _lock(self, host: str, deadline: float) -> int:
        descriptor = self._open(host)
        look_s = _FIRST_LOOK_S
        try:
            while True:
                try:
                    fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                except BlockingIOError:
                    if self._clock() + look_s > deadline:
                        raise HostBusy(host, self._spacing_s) from None
                    await self._sleep(look_s)
                    look_s = min(look_s * 1.5, _LAST_LOOK_S)
                else:
                    return descriptor
        except BaseException:
            os.close(descriptor)
            raise

    async def _wait(self, descriptor: int, host: str, pause_s: float, deadline: float) -> None:
        now = self._clock()
        last_at, paused_until = _read(descriptor)
        # A clock that was set back, or a damaged file, costs one pause and no more.
        since_last = min(last_at, now) + pause_s - now
        paused = min(paused_until - now, MAX_PAUSE_S)
        wait_s = max(since_last, paused)
        if now + wait_s > deadline:
            raise HostBusy(host, wait_s)
        if wait_s > 0:
            await self._sleep(wait_s)


def _read(descriptor: int) -> tuple[float, float]:
    """When the last request ended, and until when the host is closed; 0.0 for never."""
    try:
        last_at, paused_until = map(float, os.pread(descriptor, 64, 0).split())
    except ValueError:
        return 0.0, 0.0
    is_sane = 0.0 <= last_at < 1e11 and 0.0 <= paused_until < 1e11
    return (last_at, paused_until) if is_sane else (0.0, 0.0)


def _write(descriptor: int, last_at: float, paused_until: float) -> None:
    os.pwrite(descriptor, f"{last_at:020.6f} {paused_until:020.6f}\n".encode("ascii"), 0)
