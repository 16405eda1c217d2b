"""Asking many hosts side by side, each for one thing at a time."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from typing import TypeVar

from flows.web.session import Web
from transforms.urls import host

Asked = TypeVar("Asked")
Got = TypeVar("Got")


async def visit_hosts(
    web: Web,
    wanted: Iterable[Asked],
    *,
    url: Callable[[Asked], str],
    ask: Callable[[Asked], Awaitable[Got]],
) -> AsyncIterator[Got]:
    """What asking for each of these gives, in the order of their ends.

    Args:
        web: Bounds how many hosts are asked side by side, and knows their pauses.
        wanted: What to ask for.
        url: The address of one.
        ask: Asks for one; what it raises ends the iteration.
    """
    hosts: dict[str, deque[Asked]] = {}
    for each in wanted:
        hosts.setdefault(host(url(each)) or "", deque()).append(each)
    count = sum(map(len, hosts.values()))
    results: asyncio.Queue[tuple[Got | None, Exception | None]] = asyncio.Queue(1)

    async def visit(waiting: deque[Asked]) -> None:
        while waiting:
            each = waiting.popleft()
            try:
                async with web.at_once:
                    result: tuple[Got | None, Exception | None] = (await ask(each), None)
            except Exception as error:  # noqa: BLE001 - raised again by who takes the results
                result = (None, error)
            await results.put(result)
            if waiting:  # the host's pause passes here, where it keeps no other host waiting
                await asyncio.sleep(web.pause_s(url(each)))

    visits = [asyncio.create_task(visit(waiting)) for waiting in hosts.values()]
    try:
        for _ in range(count):
            got, error = await results.get()
            if error is not None:
                raise error
            yield got  # type: ignore[misc]  # without an error there is a result
    finally:
        for task in visits:
            task.cancel()
        await asyncio.gather(*visits, return_exceptions=True)
