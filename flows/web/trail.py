"""The hops of one fetch: where it has been, how long it still has, why it ended."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime

from flows.web.addresses import without_credentials
from flows.web.connections import Answer, ExchangeFailed
from flows.web.outcomes import FetchFailure, Redirect
from transforms.http_headers import retry_after_s
from transforms.records import Reason

PERMANENT = frozenset({301, 308})
"""Redirects that say that the address itself has changed."""


class Stopped(Exception):
    """The way ends here; becomes a `FetchFailure`."""

    def __init__(
        self,
        reason: Reason,
        detail: str,
        *,
        is_retryable: bool | None = None,
        answer: Answer | None = None,
        after_s: float | None = None,
    ) -> None:
        super().__init__(detail)
        self.reason = reason
        self.detail = detail
        self.is_retryable = reason.is_retryable if is_retryable is None else is_retryable
        self.answer = answer
        self.after_s = after_s


@dataclass(slots=True)
class Trail:
    """The hops of one fetch, and the seconds it has left."""

    left_s: float
    redirects: list[Redirect] = field(default_factory=list)
    reached: str | None = None

    @property
    def moved_to(self) -> str | None:
        """The target of the permanent redirects the chain begins with."""
        moved = None
        for redirect in self.redirects:
            if redirect.status not in PERMANENT:
                break
            moved = redirect.target
        return moved

    @contextlib.asynccontextmanager
    async def spending(self) -> AsyncIterator[None]:
        """Whatever is awaited in the block ends when the fetch's time is up."""
        loop = asyncio.get_running_loop()
        started = loop.time()
        try:
            async with asyncio.timeout(self.left_s):
                yield
        except TimeoutError as error:
            raise ExchangeFailed(
                Reason.DEADLINE_EXCEEDED, "The time for this address was used up."
            ) from error
        finally:
            self.left_s -= loop.time() - started


def failure(url: str, stopped: Stopped, trail: Trail, final_url: str | None = None) -> FetchFailure:
    """What a fetch that was stopped gives."""
    answer = stopped.answer
    now = datetime.now(UTC)
    asked = None
    if answer is not None and answer.status in {429, 503}:
        asked = retry_after_s(answer.headers, now)
    return FetchFailure(
        url=without_credentials(url),
        reason=stopped.reason,
        detail=stopped.detail,
        fetched_at=now if answer is None else answer.exchange.sent_at,
        is_retryable=stopped.is_retryable,
        retry_after_s=stopped.after_s if asked is None else asked,
        status=None if answer is None else answer.status,
        final_url=final_url or trail.reached,
        moved_to=trail.moved_to,
        headers=() if answer is None else answer.headers,
        redirects=tuple(trail.redirects),
    )
