"""Extraction in processes that can be killed: one page never stops a batch.

Threads cannot stop C code that has gone astray, so each page goes to a worker process with a time
limit and a memory limit; a worker that dies costs one page (a row with its reason) and is replaced.
"""

import multiprocessing
import resource
import signal
from collections.abc import Sequence
from concurrent.futures import Future
from types import TracebackType
from typing import Self

from pebble import ProcessExpired, ProcessPool

from transforms.agencies import AgencyRules, parse_agencies
from transforms.decode import storable
from transforms.records import Article, Page, Reason, Rejection

Outcome = Article | Rejection

_PAGES_PER_WORKER = 1000
"""A worker is replaced after this many pages: a safety, no leak is known."""

_rules: AgencyRules | None = None  # of the worker process, set once when it starts


class Extractor:
    """A pool of workers that turn pages into articles; use it as a context manager."""

    def __init__(
        self, agencies_csv: str, *, workers: int, timeout_s: float, memory_bytes: int
    ) -> None:
        context = multiprocessing.get_context("forkserver")
        # The server imports the extractor once; each worker is forked from it in milliseconds.
        context.set_forkserver_preload(["transforms.extract", "trafilatura"])
        self._timeout_s = timeout_s
        self._memory_bytes = memory_bytes
        self._pool = ProcessPool(
            max_workers=workers,
            max_tasks=_PAGES_PER_WORKER,
            initializer=_start_worker,
            initargs=(agencies_csv, memory_bytes),
            context=context,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if kind is None:
            self._pool.close()  # type: ignore[no-untyped-call]
        else:
            self._pool.stop()  # type: ignore[no-untyped-call]
        self._pool.join()

    def submit(self, pages: Sequence[Page]) -> list[Future[Outcome]]:
        """Begin to extract these pages; one future each, in their order."""
        return [self._pool.schedule(_extract, (page,), timeout=self._timeout_s) for page in pages]

    def outcome(self, page: Page, future: Future[Outcome]) -> Outcome:
        """What became of a page; waits for it. A worker that was killed, or failed, is a rejection."""
        try:
            return future.result()
        except TimeoutError:
            detail = f"took longer than {self._timeout_s:g} s to extract"
            return Rejection(page.url, Reason.PARSER_TIMEOUT, detail)
        except MemoryError:
            detail = f"took more than {self._memory_bytes >> 20} MiB to extract"
            return Rejection(page.url, Reason.PARSER_MEMORY, detail)
        except ProcessExpired as error:
            detail = f"killed its worker (exit code {error.exitcode})"
            return Rejection(page.url, Reason.PARSER_CRASH, detail)
        except Exception as error:  # noqa: BLE001 - a fault in the extractor costs one page, no batch
            detail = f"made the extractor fail: {type(error).__name__}: {error}"
            return Rejection(page.url, Reason.PARSER_CRASH, storable(detail))


def _start_worker(agencies_csv: str, memory_bytes: int) -> None:
    global _rules  # noqa: PLW0603 - the worker's own copy, sent once and not with each page
    # A handler in Python waits until C code returns; a page that hangs there must end at once.
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
    _rules = parse_agencies(agencies_csv)


def _extract(page: Page) -> Outcome:
    from transforms.extract import extract_article  # noqa: PLC0415 - preloaded by the server

    if _rules is None:
        raise RuntimeError("the worker was not started with its rules")
    return extract_article(page, _rules)
