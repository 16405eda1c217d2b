"""Asking sources whether there is anything new: conditional requests, captured before parsing."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass, replace

from flows.polling.states import Standing
from flows.web.capture import Unwritten
from flows.web.outcomes import Fetched, FetchFailure, FetchRequest
from flows.web.session import Web
from flows.web.visits import visit_hosts
from flows.web.warc_records import Earlier, payload_digest
from transforms.http_headers import NO_VALIDATORS, Validators
from transforms.validators import validators_to_send


@dataclass(frozen=True, slots=True)
class Polled:
    """A source that was asked, and its answer, which is on disk.

    `sent` are the validators of the request. `digest` is that of the body's record, None without a
    body; `is_same_body` says that it is the body held already.
    """

    standing: Standing
    outcome: Fetched | FetchFailure
    sent: Validators = NO_VALIDATORS
    digest: str | None = None
    is_same_body: bool = False

    def without_body(self) -> Polled:
        """The same without the bytes, which are on disk."""
        if isinstance(self.outcome, FetchFailure):
            return self
        exchange = replace(self.outcome.exchange, answer=b"")
        return replace(self, outcome=replace(self.outcome, payload=b"", exchange=exchange))


async def ask_sources(web: Web, due: Iterable[Standing]) -> AsyncIterator[Polled]:
    """Ask these sources; in the order of their answers.

    robots.txt is not consulted: feeds and sitemaps are published to be polled.

    Raises:
        OSError: A capture could not be written.
    """
    async for polled in visit_hosts(
        web, due, url=lambda each: each.url, ask=lambda each: _ask(web, each)
    ):
        yield polled


async def _ask(web: Web, standing: Standing) -> Polled:
    sent = validators_to_send(standing.validators)
    request = FetchRequest(standing.url, sent, obeys_robots=False)
    return await captured(web, standing, await web.fetcher.fetch(request), sent)


async def captured(
    web: Web,
    standing: Standing,
    outcome: Fetched | FetchFailure,
    sent: Validators = NO_VALIDATORS,
) -> Polled:
    """A source's answer, put on disk: whole, or as a revisit where its body is held already."""
    if isinstance(outcome, FetchFailure):
        return Polled(standing, outcome, sent)
    body = standing.body
    earlier = Earlier(body.url, body.captured_at, body.payload_digest) if body else None
    if outcome.is_unchanged:
        await web.capture(Unwritten(outcome, earlier))
        return Polled(standing, outcome, sent)
    digest = payload_digest(outcome)
    is_same = body is not None and digest == body.payload_digest
    await web.capture(Unwritten(outcome, earlier if is_same else None))
    return Polled(standing, outcome, sent, digest, is_same)
