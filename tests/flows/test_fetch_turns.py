"""Turns at a host: one request at a time with a pause between, among tasks, threads and processes."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from flows.web.fetch import Fetcher
from flows.web.host_gate import HostBusy, HostGates
from flows.web.outcomes import Fetched, FetchFailure, FetchRequest
from flows.web.policy import FetchPolicy
from tests.flows.webserver import AGENT, Asked, Reply, WebServer, answer, fetch, status
from transforms.records import Reason

ROOT = Path(__file__).resolve().parents[2]


class Clock:
    """A clock that only moves when somebody sleeps."""

    def __init__(self, now: float = 1_000_000.0) -> None:
        self.now = now
        self.slept: list[float] = []

    def __call__(self) -> float:
        """The time."""
        return self.now

    async def sleep(self, seconds: float) -> None:
        """Move the time."""
        self.slept.append(round(seconds, 6))
        self.now += seconds
        await asyncio.sleep(0)


def gates(folder: Path, clock: Clock, spacing_s: float = 1.0) -> HostGates:
    """Gates on a clock of the test's."""
    return HostGates(folder, spacing_s=spacing_s, clock=clock, sleep=clock.sleep)


async def take(turns: HostGates, host: str = "a.example", **more: float) -> None:
    """Take a turn and give it back."""
    async with turns.turn(host, **more):
        pass


def test_requests_to_a_host_are_spaced(tmp_path: Path) -> None:
    """The first goes at once, the next after the pause, another host's at once."""
    clock = Clock()
    turns = gates(tmp_path, clock)

    async def run() -> None:
        await take(turns)
        await take(turns)
        await take(turns, "b.example")
        await take(turns, delay_s=20.0)

    asyncio.run(run())
    assert clock.slept == [1.0, 20.0]


def test_the_pause_counts_from_the_end_of_a_request(tmp_path: Path) -> None:
    """A request that takes long is followed by a whole pause."""
    clock = Clock()
    turns = gates(tmp_path, clock)

    async def run() -> None:
        async with turns.turn("a.example"):
            clock.now += 30.0
        await take(turns)

    asyncio.run(run())
    assert clock.slept == [1.0]


def test_the_pause_outlives_the_process(tmp_path: Path) -> None:
    """Gates made anew on the same folder know when the last request was."""
    clock = Clock()
    asyncio.run(take(gates(tmp_path, clock)))
    asyncio.run(take(gates(tmp_path, clock)))
    assert clock.slept == [1.0]


def test_only_one_at_a_time_holds_a_host(tmp_path: Path) -> None:
    """Tasks of one loop and gates of another instance never overlap."""
    clock = Clock()
    inside: list[int] = []
    most: list[int] = []

    async def visit(turns: HostGates, number: int) -> None:
        async with turns.turn("a.example", max_wait_s=10_000.0):
            inside.append(number)
            most.append(len(inside))
            await asyncio.sleep(0)
            inside.remove(number)

    async def run() -> None:
        one, two = gates(tmp_path, clock), gates(tmp_path, clock)
        await asyncio.gather(*(visit(turns, n) for n in range(8) for turns in (one, two)))

    asyncio.run(run())
    assert (len(most), max(most)) == (16, 1)


def test_threads_take_turns(tmp_path: Path) -> None:
    """Event loops in different threads share the host."""
    inside: list[int] = []
    most: list[int] = []

    async def visit(number: int) -> None:
        turns = HostGates(tmp_path, spacing_s=0.0)
        for _ in range(5):
            async with turns.turn("a.example"):
                inside.append(number)
                most.append(len(inside))
                await asyncio.sleep(0.002)
                inside.remove(number)

    threads = [threading.Thread(target=lambda n=n: asyncio.run(visit(n))) for n in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(most), max(most)) == (15, 1)


_VISITS = """
import asyncio, sys
sys.path.insert(0, {root!r})
from pathlib import Path
from flows.web.host_gate import HostGates
log = open({log!r}, "ab", buffering=0)
async def run():
    turns = HostGates(Path({folder!r}), spacing_s=0.0)
    for _ in range(10):
        async with turns.turn("a.example"):
            log.write(b"(")
            await asyncio.sleep(0.002)
            log.write(b")")
asyncio.run(run())
"""


def test_processes_take_turns(tmp_path: Path) -> None:
    """Three processes that visit one host never overlap."""
    log = tmp_path / "log"
    code = _VISITS.format(root=str(ROOT), log=str(log), folder=str(tmp_path / "gates"))
    visitors = [subprocess.Popen([sys.executable, "-c", code]) for _ in range(3)]
    assert [visitor.wait(60) for visitor in visitors] == [0, 0, 0]
    assert log.read_bytes() == b"()" * 30


def test_a_killed_process_gives_its_turn_back(tmp_path: Path) -> None:
    """The lock dies with its holder; the pause it began is kept."""
    code = _VISITS.format(root=str(ROOT), log=str(tmp_path / "log"), folder=str(tmp_path))
    holding = code.replace(
        "await asyncio.sleep(0.002)", "print('in', flush=True); await asyncio.sleep(60)"
    )
    child = subprocess.Popen([sys.executable, "-c", holding], stdout=subprocess.PIPE, text=True)
    assert child.stdout is not None
    assert child.stdout.readline() == "in\n"
    with pytest.raises(HostBusy):
        asyncio.run(take(HostGates(tmp_path), max_wait_s=0.05))
    child.kill()
    child.communicate()
    asyncio.run(take(HostGates(tmp_path, spacing_s=0.0), max_wait_s=5.0))


def test_a_wait_that_is_too_long_is_told(tmp_path: Path) -> None:
    """Nobody sleeps for a turn that comes too late; nothing counts as a request."""
    clock = Clock()
    turns = gates(tmp_path, clock)

    async def run() -> None:
        await take(turns)
        with pytest.raises(HostBusy) as busy:
            await take(turns, delay_s=50.0, max_wait_s=10.0)
        assert busy.value.retry_after_s == 50.0
        await take(turns)

    asyncio.run(run())
    assert clock.slept == [1.0]


def test_a_clock_set_back_costs_one_pause(tmp_path: Path) -> None:
    """Times in the future, and files that hold nonsense, close no host."""
    clock = Clock()
    turns = gates(tmp_path, clock)
    asyncio.run(take(turns))
    clock.now -= 500_000.0
    asyncio.run(take(turns))
    assert clock.slept == [1.0]
    for file in tmp_path.iterdir():
        file.write_bytes(b"nan inf nonsense")
    asyncio.run(take(gates(tmp_path, clock)))
    assert clock.slept == [1.0]


def test_a_host_that_is_told_to_wait_is_closed_for_a_while(tmp_path: Path) -> None:
    """A pause holds for everybody, a minute at most."""
    clock = Clock()
    turns = gates(tmp_path, clock)

    async def run() -> None:
        async with turns.turn("a.example"):
            turns.pause("a.example", 30.0)
        await take(turns)
        turns.pause("a.example", 9_999.0)
        await take(turns)

    asyncio.run(run())
    assert clock.slept == [30.0, 60.0]


# -- with the fetcher -----------------------------------------------------------------------------


def test_many_tasks_open_one_connection_to_a_host_at_a_time(tmp_path: Path) -> None:
    """The server never sees two requests at once."""
    inside: list[int] = []
    most: list[int] = []

    def busy(asked: Asked) -> Reply:
        inside.append(asked.connection)
        most.append(len(inside))
        web.stopping.wait(0.01)
        inside.remove(asked.connection)
        return answer(keep=True)

    async def run(urls: list[str]) -> list[Fetched | FetchFailure]:
        policy = FetchPolicy(AGENT, allow_private_networks=True)
        async with Fetcher(policy, HostGates(tmp_path, spacing_s=0.0)) as client:
            requests = [FetchRequest(url, obeys_robots=True) for url in urls]
            return await asyncio.gather(*map(client.fetch, requests))

    with WebServer({"*": busy, "/robots.txt": status(404)}) as web:
        outcomes = asyncio.run(run([web.url(f"/{n}") for n in range(10)]))
    assert [type(outcome) for outcome in outcomes] == [Fetched] * 10
    assert max(most) == 1
    assert web.paths.count("/robots.txt") == 1


def test_a_crawl_delay_is_waited_for(tmp_path: Path) -> None:
    """Between two pages of a site that asks for 20 seconds lie 20 seconds."""
    clock = Clock()

    async def run(urls: list[str]) -> None:
        policy = FetchPolicy(AGENT, allow_private_networks=True)
        async with Fetcher(policy, gates(tmp_path, clock)) as client:
            for url in urls:
                assert isinstance(await client.fetch(FetchRequest(url)), Fetched)

    slow = answer(b"User-agent: *\nCrawl-delay: 20\n", kind="text/plain")
    with WebServer({"/robots.txt": slow, "*": answer()}) as web:
        asyncio.run(run([web.url("/1"), web.url("/2")]))
    assert clock.slept == [20.0, 20.0]


def test_the_wait_for_a_turn_is_not_taken_from_the_deadline(tmp_path: Path) -> None:
    """Waiting politely is no slowness of the site's."""
    with WebServer({"*": answer()}) as web:
        outcomes = fetch(tmp_path, web.url("/1"), web.url("/2"), spacing_s=0.6, deadline_s=0.5)
    assert [type(outcome) for outcome in outcomes] == [Fetched] * 2


def test_a_busy_host_is_a_reason(tmp_path: Path) -> None:
    """A turn that does not come in time is tried later, and leaves robots.txt unknown."""
    with WebServer({"*": answer()}) as web:
        first, second = fetch(
            tmp_path, web.url("/1"), FetchRequest(web.url("/2")), spacing_s=50.0, max_wait_s=5.0
        )
    assert isinstance(first, Fetched)
    assert isinstance(second, FetchFailure)
    assert (second.reason, second.is_retryable) == (Reason.HOST_BUSY, True)
    assert second.retry_after_s is not None
    assert 40 < second.retry_after_s <= 50
    assert web.paths == ["/1"]


def test_after_a_429_the_host_is_left_alone(tmp_path: Path) -> None:
    """The next request to the host has to wait as it was told."""
    with WebServer({"/1": status(429, "Retry-After: 40"), "/2": answer()}) as web:
        first, second = fetch(tmp_path, web.url("/1"), web.url("/2"), max_wait_s=5.0)
    assert isinstance(first, FetchFailure)
    assert isinstance(second, FetchFailure)
    assert (first.reason, second.reason) == (Reason.RATE_LIMITED, Reason.HOST_BUSY)
    assert (first.retry_after_s, web.paths) == (40, ["/1"])
