"""All that a run needs of the web: a fetcher and a writer of captures, in an event loop of their own.

The loop runs in a thread, so that what is fetched can be walked through by ordinary code: `run`
waits for one answer, `stream` gives many as they come, never far ahead of who takes them.
"""

from __future__ import annotations

import asyncio
import queue
import threading
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator, MutableMapping
from concurrent.futures import ThreadPoolExecutor
from importlib.metadata import version
from types import TracebackType
from typing import Self, TypeVar

from flows.settings import Settings
from flows.web.capture import Capture, CaptureWriter, Unwritten
from flows.web.fetch import Fetcher
from flows.web.host_gate import HostGates
from flows.web.policy import FetchPolicy, user_agent
from transforms.robots import RobotsAnswer

T = TypeVar("T")

_AHEAD = 4
"""How many answers may wait to be taken: each may be a page of twenty megabytes."""


class Web:
    """A fetcher and a capture writer; lives in one event loop.

    `fetcher` is for asking; `capture` puts an answer on disk and shares the wait for it with others.
    """

    def __init__(self, settings: Settings, robots: MutableMapping[str, RobotsAnswer]) -> None:
        agent = user_agent(version("wirecopy"), settings.contact)
        policy = FetchPolicy(
            agent,
            allow_private_networks=settings.allow_private_networks,
            deadline_s=settings.fetch_deadline_s,
        )
        gates = HostGates(settings.home / "live" / "hosts", spacing_s=settings.host_spacing_s)
        self.fetcher = Fetcher(policy, gates, robots=robots)
        self.home = settings.home
        self._spacing_s = settings.host_spacing_s
        self.at_once = asyncio.Semaphore(settings.fetches_at_once)
        self._captures = CaptureWriter(
            settings.home, software=f"wirecopy/{version('wirecopy')}", operator=settings.contact
        )
        self._waiting: list[tuple[Unwritten, asyncio.Future[Capture]]] = []
        self._writing = asyncio.Lock()
        self._disk = ThreadPoolExecutor(1, "captures")

    async def capture(self, unwritten: Unwritten) -> Capture:
        """Put an answer on disk; it is there when this returns.

        Raises:
            OSError: It could not be written.
        """
        written: asyncio.Future[Capture] = asyncio.get_running_loop().create_future()
        self._waiting.append((unwritten, written))
        async with self._writing:
            if not written.done():
                # Whoever is stopped while writing writes to the end: others wait for it too.
                await asyncio.shield(self._write_waiting())
        return written.result()

    def pause_s(self, url: str) -> float:
        """How long to leave a host alone between two requests, as far as is known, seconds."""
        delay_s = self.fetcher.crawl_delay_s(url)
        return max(self._spacing_s, min(delay_s, self.fetcher.policy.max_crawl_delay_s))

    async def _write_waiting(self) -> None:
        """Write all that wait, in a thread of its own: they share one wait for the disk."""
        waiting, self._waiting = self._waiting, []
        try:
            captures = await asyncio.get_running_loop().run_in_executor(
                self._disk, self._captures.write_all, [unwritten for unwritten, _ in waiting]
            )
        except OSError as error:
            for _, written in waiting:
                if not written.done():
                    written.set_exception(error)
        else:
            for (_, written), capture in zip(waiting, captures, strict=True):
                if not written.done():  # who waited may have been cancelled
                    written.set_result(capture)

    async def close(self) -> None:
        """Close connections and the file."""
        await self.fetcher.__aexit__(None, None, None)
        await asyncio.get_running_loop().run_in_executor(self._disk, self._captures.close)
        self._disk.shutdown()


class WebSession:
    """A `Web` in a thread of its own; use it as a context manager.

    Args:
        settings: Limits, contact and the data folder.
        robots: The answers for robots.txt that are known, by origin; new ones are put into it.
    """

    def __init__(self, settings: Settings, robots: MutableMapping[str, RobotsAnswer]) -> None:
        self._settings = settings
        self._robots = robots
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._turn, name="web", daemon=True)
        self._web: Web | None = None

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        asyncio.run_coroutine_threadsafe(self._end(), self._loop).result()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def run(self, ask: Callable[[Web], Coroutine[object, object, T]]) -> T:
        """What a coroutine gives; waits for it."""
        return asyncio.run_coroutine_threadsafe(self._with_web(ask), self._loop).result()

    def stream(self, ask: Callable[[Web], AsyncIterator[T]]) -> Iterator[T]:
        """What an asynchronous iterator gives, as it comes; it is stopped when this is closed."""
        taken: queue.Queue[tuple[bool, T | BaseException | None]] = queue.Queue()
        room = asyncio.Semaphore(_AHEAD)

        async def feed(web: Web) -> None:
            try:
                async for value in ask(web):
                    await room.acquire()
                    taken.put((True, value))
            except Exception as error:  # noqa: BLE001 - raised again where it is waited for
                taken.put((False, error))
            else:
                taken.put((False, None))

        feeding = asyncio.run_coroutine_threadsafe(self._with_web(feed), self._loop)
        try:
            while True:
                is_value, value = taken.get()
                if not is_value:
                    if isinstance(value, BaseException):
                        raise value
                    return
                self._loop.call_soon_threadsafe(room.release)
                yield value  # type: ignore[misc]  # the flag says what it is
        finally:
            feeding.cancel()

    async def _with_web(self, ask: Callable[[Web], Coroutine[object, object, T]]) -> T:
        if self._web is None:
            self._web = Web(self._settings, self._robots)
        return await ask(self._web)

    async def _end(self) -> None:
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)
        if self._web is not None:
            await self._web.close()
        await self._loop.shutdown_asyncgens()

    def _turn(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.run_forever()
