"""Who polls the farm of `benchmarks.fetch`: ours, in part and whole, and others.

    python -m benchmarks.pollers NAME FOLDER LIST

In a process of its own: says "ready", does a round for each line it reads, and says how much it saw.
LIST is a JSON file of addresses.
"""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

AT_ONCE = 32
SPACING_S = 1.0
READER = """
import sys
from reader import make_reader
_, database, at_once, *urls = sys.argv
reader = make_reader(database)
for url in urls:
    reader.add_feed(url)
print("ready", flush=True)
for _ in sys.stdin:
    reader.update_feeds(workers=int(at_once), scheduled=False)
    print(reader.get_entry_counts().total, flush=True)
"""
"""`reader` as a poller, for the Python that has it: DATABASE AT_ONCE URL..."""


def run_fetcher(home: Path, urls: list[str]) -> Iterator[int]:
    """Our fetcher and captures, without parsing and tables; the bodies of each round."""
    from flows.web.capture import CaptureWriter, Unwritten  # noqa: PLC0415 - only what is measured
    from flows.web.fetch import Fetcher  # noqa: PLC0415
    from flows.web.host_gate import HostGates  # noqa: PLC0415
    from flows.web.outcomes import Fetched, FetchRequest  # noqa: PLC0415
    from flows.web.policy import FetchPolicy, user_agent  # noqa: PLC0415
    from transforms.http_headers import NO_VALIDATORS, validators  # noqa: PLC0415

    policy = FetchPolicy(user_agent("benchmark", "benchmark"), allow_private_networks=True)
    known = dict.fromkeys(urls, NO_VALIDATORS)

    async def poll(captures: CaptureWriter) -> int:
        todo, bodies = iter(urls), 0
        async with Fetcher(policy, HostGates(home / "gates", spacing_s=SPACING_S)) as fetcher:

            async def work() -> None:
                nonlocal bodies
                for url in todo:
                    got = await fetcher.fetch(FetchRequest(url, known[url], obeys_robots=False))
                    assert isinstance(got, Fetched), got
                    known[url] = validators(got.headers)
                    if not got.is_unchanged:
                        bodies += 1
                        captures.write_all([Unwritten(got)])

            await asyncio.gather(*(work() for _ in range(AT_ONCE)))
        return bodies

    while True:
        captures = CaptureWriter(home, software="benchmark", operator="benchmark")
        yield asyncio.run(poll(captures))
        captures.close()


def run_poll(home: Path, urls: list[str]) -> Iterator[int]:
    """The real poll, from the list of sources to committed tables; the inputs known after each round.

    The pages that the entries announce are left pending: they are not what is measured here.
    """
    import duckdb  # noqa: PLC0415 - only what is measured

    import flows.polling.stages  # noqa: PLC0415
    from flows.polling import poll  # noqa: PLC0415
    from flows.settings import Settings  # noqa: PLC0415
    from flows.sources import FILE  # noqa: PLC0415

    flows.polling.stages.Round._wanted_pages = lambda *_: iter(())  # type: ignore[method-assign]  # noqa: SLF001
    slugs = [f"feed-{number}" for number in range(len(urls))]
    home.mkdir(parents=True, exist_ok=True)
    (home / FILE).write_text(
        "".join(
            f'[[source]]\nslug = "{slug}"\nurl = "{url}"\nkind = "feed"\n'
            for slug, url in zip(slugs, urls, strict=True)
        )
    )
    settings = Settings(
        home=home, allow_private_networks=True, fetches_at_once=AT_ONCE, contact="benchmark"
    )
    while True:
        summary = poll(settings, sources=slugs, publish_after=False)
        assert (summary.polled, summary.failed_sources) == (len(urls), 0), summary
        with duckdb.connect(home / "live" / "news.duckdb", read_only=True) as con:
            yield con.sql("select count(*) from ops.ledger").fetchall()[0][0]


def run_feedparser(home: Path, urls: list[str]) -> Iterator[int]:  # noqa: ARG001 - as the others
    """A loop of `feedparser.parse(url)` that keeps the ETags; the entries of each round."""
    import feedparser  # noqa: PLC0415 - only what is measured

    known: dict[str, str | None] = dict.fromkeys(urls)
    while True:
        seen = 0
        for url in urls:
            found = feedparser.parse(url, etag=known[url])
            known[url] = found.get("etag", known[url])
            seen += len(found.entries)
        yield seen


MEASURED: dict[str, Callable[[Path, list[str]], Iterator[int]]] = {
    "fetcher": run_fetcher,
    "poll": run_poll,
    "feedparser": run_feedparser,
}


def be_measured(name: str, home: Path, urls: list[str]) -> None:
    """In the process that is measured."""
    rounds = MEASURED[name](home, urls)
    print("ready", flush=True)
    for _ in sys.stdin:
        print(next(rounds), flush=True)


def reader_version(python: str) -> str:
    """Of the package in that Python."""
    code = "import importlib.metadata as m; print(m.version('reader'))"
    return subprocess.run(
        [python, "-c", code], check=True, capture_output=True, text=True
    ).stdout.strip()


if __name__ == "__main__":
    _, _name, _folder, _list = sys.argv
    be_measured(_name, Path(_folder), json.loads(Path(_list).read_text()))
