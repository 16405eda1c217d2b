"""Extraction in processes: one page never stops, or spoils, the others."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import psutil
import pytest

from flows.settings import agencies_csv
from flows.workers import Extractor
from transforms.records import Article, BodySource, Location, Page, Reason, Rejection

HtmlPage = Callable[[str], str]

SLOW = b"<html><body><p " + b" ".join(b"a%d" % n for n in range(200_000)) + b">slow</body></html>"
"""Extraction is quadratic in the attributes of an element: this takes minutes."""


def page_of(name: str, payload: bytes) -> Page:
    """A captured page."""
    at = datetime(2026, 3, 1, tzinfo=UTC)
    return Page(f"https://e.example/{name}", payload, "text/html", at, Location("f", 0, 1))


def children() -> list[psutil.Process]:
    """The processes that are left of this one."""
    return psutil.Process().children(recursive=True)


@pytest.fixture
def extractor() -> Iterator[Extractor]:
    """Two workers that give up on a page after a second and a half."""
    csv = agencies_csv()
    with Extractor(csv, workers=2, timeout_s=1.5, memory_bytes=2 << 30) as pool:
        yield pool


def test_outcomes_are_those_of_their_pages_in_any_order(
    extractor: Extractor, html_page: HtmlPage
) -> None:
    """Each future is of the page at its place, articles and rejections alike."""
    subjects = ["lock bridge", "corn market", "night ferry", "old quarry"]
    pages = [page_of(subject[:4], html_page(subject).encode()) for subject in subjects]
    pages.insert(2, page_of("none", b"  "))
    futures = extractor.submit(pages)
    outcomes = [
        extractor.outcome(page, future)
        for page, future in reversed(list(zip(pages, futures, strict=True)))
    ][::-1]
    headlines = [o.headline if isinstance(o, Article) else o.reason for o in outcomes]
    assert headlines == [
        "Lock bridge opens after long repairs",
        "Corn market opens after long repairs",
        Reason.EMPTY,
        "Night ferry opens after long repairs",
        "Old quarry opens after long repairs",
    ]


def test_a_page_that_hangs_and_one_that_breaks_the_extractor_cost_one_page_each(
    extractor: Extractor, html_page: HtmlPage
) -> None:
    """A timeout, a fault of the code: both are rejections, and the pages around them articles."""
    good = [page_of(f"{n}", html_page(f"harbour {n}").encode()) for n in range(4)]
    broken = replace(good[0], payload=None)  # type: ignore[arg-type]  # no payload is a fault
    pages = [good[0], page_of("slow", SLOW), good[1], broken, *good[2:]]
    futures = extractor.submit(pages)
    outcomes = [extractor.outcome(*pair) for pair in zip(pages, futures, strict=True)]
    reasons = [o.reason if isinstance(o, Rejection) else None for o in outcomes]
    assert reasons == [None, Reason.PARSER_TIMEOUT, None, Reason.PARSER_CRASH, None, None]
    timeout, crash = outcomes[1], outcomes[3]
    assert isinstance(timeout, Rejection)
    assert isinstance(crash, Rejection)
    assert "1.5 s" in timeout.detail
    assert "Error" in crash.detail


def test_a_page_that_overwhelms_the_parser_is_read_the_crude_way(
    extractor: Extractor, html_page: HtmlPage
) -> None:
    """Its article is read after the time is up; without one, the first failure is the reason."""
    flood = f"<body><div {' '.join(f'a{n}' for n in range(200_000))}>"
    payload = html_page("harbour").replace("<body>", flood, 1).encode()
    pages = [page_of("flood", payload), page_of("slow", SLOW)]
    futures = extractor.submit(pages)
    article, none = (extractor.outcome(*pair) for pair in zip(pages, futures, strict=True))
    assert isinstance(article, Article)
    assert article.body_source is BodySource.FALLBACK
    assert article.headline == "Harbour opens after long repairs"
    assert "brass band from the valley." in article.body
    assert isinstance(none, Rejection)
    assert none.reason is Reason.PARSER_TIMEOUT


def test_a_worker_that_dies_costs_its_page(html_page: HtmlPage) -> None:
    """What kills a process (here a signal) is a rejection; the next page has a new worker."""
    good = page_of("good", html_page("harbour").encode())
    before = {child.pid for child in children()}
    with Extractor(agencies_csv(), workers=1, timeout_s=60, memory_bytes=2 << 30) as pool:
        (first,) = pool.submit([good])
        assert isinstance(pool.outcome(good, first), Article)
        slow = page_of("slow", SLOW)
        (doomed,) = pool.submit([slow])
        os.kill(_busy(before), signal.SIGKILL)
        outcome = pool.outcome(slow, doomed)
        (after,) = pool.submit([good])
        assert isinstance(pool.outcome(good, after), Article)
    assert isinstance(outcome, Rejection)
    assert outcome.reason is Reason.PARSER_CRASH
    assert str(-signal.SIGKILL) in outcome.detail


def _busy(others: set[int]) -> int:
    """The process that has been computing for half a second."""
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        for child in children():
            if child.pid not in others and child.cpu_percent(0.5) > 20:
                return child.pid
    raise AssertionError("no worker began to work")


def test_leaving_by_an_error_stops_a_page_that_hangs(html_page: HtmlPage) -> None:
    """An interrupted run does not wait for the workers, and leaves none behind."""
    good = page_of("good", html_page("harbour").encode())
    before = {child.pid for child in children()}
    stuck: list[int] = []

    def interrupted() -> None:
        with Extractor(agencies_csv(), workers=1, timeout_s=300, memory_bytes=2 << 30) as pool:
            (first,) = pool.submit([good])
            pool.outcome(good, first)
            pool.submit([page_of("slow", SLOW)])
            stuck.append(_busy(before))
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert not psutil.pid_exists(stuck[0])


def test_a_page_over_its_memory_is_said_to_be() -> None:
    """Out of memory is no page without text."""
    page = page_of("wide", b"<html><body>" + b"<b>x</b> " * 550_000)
    with Extractor(agencies_csv(), workers=1, timeout_s=60, memory_bytes=220 << 20) as pool:
        outcome = pool.outcome(page, pool.submit([page])[0])
    assert isinstance(outcome, Rejection)
    assert outcome.reason is Reason.PARSER_MEMORY


_PROGRAM = """
import sys
from pathlib import Path
from posixpath import basename

with Path("imported").open("a") as file:
    print(__name__, file=file)

if __name__ == "__main__":
    from flows.workers import Workers

    limits = {"timeout_s": 60, "memory_bytes": 2 << 30}
    with Workers(basename, preload=(), workers=2, **limits) as workers:
        print([workers.submit(f"/a/{number}").result() for number in range(3)])
"""


@pytest.mark.parametrize("how", [["-m", "program"], ["program.py"]])
def test_workers_do_not_import_the_program_they_work_for(tmp_path: Path, how: list[str]) -> None:
    """In a flow run that is Prefect's engine, a second and 60 MB for each worker."""
    (tmp_path / "program.py").write_text(_PROGRAM)

    done = subprocess.run(
        [sys.executable, *how], cwd=tmp_path, capture_output=True, text=True, check=False
    )

    assert (done.stdout, done.stderr) == ("['0', '1', '2']\n", "")
    assert (tmp_path / "imported").read_text() == "__main__\n"
