"""A round as a process of its own: killed, stopped, run twice, and measured."""

from __future__ import annotations

import contextlib
import gzip
import json
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Self

import psutil
import pytest

from tests.flows.newsroom import Desk, conditional, entry, feed, page, rss
from tests.flows.webserver import WebServer, answer

ROOT = Path(__file__).resolve().parents[2]
MIB = 1 << 20
NAMES = [f"place{number}" for number in range(16)]
DRIVER = """
import json, sys
from pathlib import Path
from flows.polling import poll
from flows.settings import Settings
settings = Settings(
    home=Path(sys.argv[1]), allow_private_networks=True, host_spacing_s=0.0, workers=1,
    batch_entries=4, fetch_deadline_s=10.0,
)
summary = poll(settings, publish_after=False)
print(json.dumps(summary.as_json()))
"""


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """A site with a feed of sixteen articles."""
    with WebServer({f"/{name}": answer(page(name)) for name in NAMES}, host="0.0.0.0") as web:  # noqa: S104 - all of 127/8
        web.host = "127.0.0.1"
        body = rss(entry(web.url(f"/{name}")) for name in NAMES)
        web.routes["/feed"] = conditional(body, '"1"')  # type: ignore[assignment]
        found = Desk(tmp_path / "home", web)
        found.follow(post="/feed")
        yield found


@contextmanager
def started(environment: Mapping[str, str], home: Path) -> Iterator[subprocess.Popen[str]]:
    """A round under way, in batches of four."""
    with subprocess.Popen(
        [sys.executable, "-c", DRIVER, str(home)],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def run(environment: Mapping[str, str], home: Path) -> dict[str, object]:
    """A round to its end, and what it says."""
    with started(environment, home) as process:
        out, _ = process.communicate(timeout=240)
    found: dict[str, object] = json.loads(out)
    return found


def wait_for(desk: Desk, requests: int) -> None:
    """Until the site has had so many requests."""
    until = time.monotonic() + 200
    while len(desk.web.asked) < requests:
        assert time.monotonic() < until
        time.sleep(0.01)


CONTENT = (
    "select url_key, headline, body, version_no from articles order by all",
    "select url_key, state, reason, article_id from ops.ledger order by all",
    "select position, guid, outcome, reason from ops.entries order by all",
    "select etag, content_sha256, status from ops.source_state",
    "select count(*) from ops.wanted_pages",
)
"""What must not depend on where a round was killed; times and attempts may."""


def test_killed_rounds_lose_nothing(
    desk: Desk, environment: dict[str, str], tmp_path: Path
) -> None:
    """SIGKILL while the feed is asked, while pages are landed; SIGTERM later; then one to the end."""
    so_far = 0
    for requests, how in ((1, signal.SIGKILL), (7, signal.SIGKILL), (5, signal.SIGTERM)):
        with started(environment, desk.home) as process:
            wait_for(desk, so_far + requests)
            process.send_signal(how)
            process.wait(120)
        so_far = len(desk.web.asked)
        if desk.home.joinpath("live", "news.duckdb").exists():
            assert desk.failed_checks() == []
    run(environment, desk.home)
    other = Desk(tmp_path / "undisturbed", desk.web)
    other.follow(post="/feed")
    run(environment, other.home)

    assert [desk.ask(sql) for sql in CONTENT] == [other.ask(sql) for sql in CONTENT]
    assert desk.failed_checks() == []
    states = {str(state) for (state,) in desk.ask("select state from ops.ledger")}
    assert states == {"loaded"}


def test_two_rounds_at_once_are_one_after_the_other(
    desk: Desk, environment: dict[str, str]
) -> None:
    """Both end well, no page is fetched twice."""
    with started(environment, desk.home) as one, started(environment, desk.home) as other:
        outs = [json.loads(process.communicate(timeout=240)[0]) for process in (one, other)]

    assert sorted(out["loaded"] for out in outs) == [0, 16]
    assert sorted(desk.web.paths) == sorted(["/feed", "/robots.txt", *(f"/{n}" for n in NAMES)])


class Footprint:
    """The memory of a process and all its children: the most they had at once, shared pages once.

    Looked at often, and what a process had in between (its high-water mark) is added to what it has,
    so that no peak of one that lives is missed.
    """

    def __init__(self, pid: int) -> None:
        self._root = psutil.Process(pid)
        self._is_over = threading.Event()
        self.peak_mib = 0.0
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._is_over.set()
        self._thread.join()

    def _watch(self) -> None:
        marks: dict[int, int] = {}
        while not self._is_over.wait(0.02):
            kib = 0
            with contextlib.suppress(psutil.NoSuchProcess):
                for process in [self._root, *self._root.children(recursive=True)]:
                    kib += _kib(process.pid, marks)
            self.peak_mib = max(self.peak_mib, kib / 1024)


def _kib(pid: int, marks: dict[int, int]) -> int:
    """What a process has, its share of shared pages, and what it had more since the last look."""
    try:
        status = Path(f"/proc/{pid}/status").read_text()
        shares = Path(f"/proc/{pid}/smaps_rollup").read_text()
    except OSError:  # it has ended
        return 0
    found = re.search(r"VmHWM:\s+(\d+) kB\nVmRSS:\s+(\d+) kB", status)
    share = re.search(r"^Pss:\s+(\d+) kB", shares, re.MULTILINE)
    if found is None or share is None:
        return 0
    mark, resident = int(found[1]), int(found[2])
    is_new = mark > marks.get(pid, 0)
    marks[pid] = mark
    return int(share[1]) + (mark - resident if is_new else 0)


def test_bombs_cost_little_more_than_an_ordinary_round(
    desk: Desk, environment: dict[str, str], tmp_path: Path
) -> None:
    """Feeds, sitemaps and pages that open to gigabytes, or never end, within 300 MiB of an ordinary
    round: all processes of a run together.
    """
    desk.web.routes["/large"] = answer(page("large", " More was said of it." * 20_000))
    body = rss(entry(desk.web.url(path)) for path in ("/large", *(f"/{name}" for name in NAMES)))
    desk.web.routes["/feed"] = answer(body)
    ordinary, found = measured(environment, desk.home)
    assert found["loaded"] == 1 + len(NAMES)
    coding = "Content-Encoding: gzip"
    zeros = gzip.compress(bytes(16 * MIB)) * 64
    words = gzip.compress(b"<p>word " * (2 * MIB)) * 64
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))
    blowup = f'<!DOCTYPE rss [<!ENTITY a "{"x" * MIB}">]><rss><channel><item><title>{"&a;" * 2_000}'

    def endless(_: object) -> Iterator[bytes]:
        yield b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n"
        while True:
            yield b"<p>word " * 8_192

    kinds = {
        "gzip": answer(zeros, headers=[coding]),
        "words": answer(words, headers=[coding]),
        "twice": answer(gzip.compress(zeros), headers=[coding]),
        "brotli": answer(b"\xff" * 809, headers=["Content-Encoding: br"]),
        "file.gz": answer(zeros, kind="application/gzip"),
        "endless": endless,
        "laughs": answer(
            f'<!DOCTYPE rss [<!ENTITY l0 "lol">{laughs}]><rss><channel><item><title>&l11;'.encode(),
            kind="application/xml",
        ),
        "blowup": answer(blowup.encode(), kind="application/xml"),
    }
    hosts = [f"http://127.0.0.{number}:{desk.web.port}" for number in range(2, 6)]
    for kind, reply in kinds.items():
        desk.web.routes |= {f"/{kind}": reply, f"/{kind}-feed": reply, f"/{kind}-sitemap": reply}  # type: ignore[misc]
    entries = [entry(f"{host}/{kind}") for host in hosts for kind in kinds]
    desk.web.routes["/bombs"] = feed(entries)
    other = Desk(tmp_path / "bombs", desk.web)
    sources = {
        f"{kind.replace('.', '-')}-{what}": f"/{kind}-{what}"
        for kind in kinds
        for what in ("feed", "sitemap")
    }
    other.follow(bombs="/bombs", **sources)

    bombed, found = measured(environment, other.home)

    assert found["loaded"] == 0
    assert found["sources_failed"] == len(sources)
    assert found["inputs"] == len(entries) + len(sources)
    assert bombed < ordinary + 300, f"{bombed:.0f} MiB against {ordinary:.0f}"


def measured(environment: Mapping[str, str], home: Path) -> tuple[float, dict[str, object]]:
    """A round to its end: the most memory it took, MiB, and what it says."""
    with started(environment, home) as process, Footprint(process.pid) as footprint:
        out, _ = process.communicate(timeout=240)
    found: dict[str, object] = json.loads(out)
    return footprint.peak_mib, found
