"""Looking at addresses: what is there is told by its content."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass, replace

from flows.polling.asking import Polled, captured
from flows.polling.landing import attempt_of, landed
from flows.polling.states import Standing
from flows.readings import EarlierPage, Entry, Postponed, Wanted, WebReading
from flows.sources.tables import PAGES_SOURCE, unlisted
from flows.web.outcomes import Fetched, FetchFailure, FetchRequest
from flows.web.session import Web
from flows.web.visits import visit_hosts
from transforms.feeds.sniffing import sniff
from transforms.identity import hashed_id
from transforms.records import Declared, Rejection


@dataclass(frozen=True, slots=True)
class Address:
    """An address to look at.

    `standing` is the source it is, where it is one: a page, then. `again` is the page as it was
    landed before, where it is looked at once more.
    """

    url: str
    standing: Standing | None = None
    again: Wanted | None = None
    earlier: EarlierPage | None = None


@dataclass(frozen=True, slots=True)
class LookedAt:
    """What an address gave, on disk: a feed or sitemap (`polled`), else an `entry`: page or reason."""

    attempt: WebReading
    outcome: Fetched | FetchFailure
    polled: Polled | None = None
    entry: Entry | None = None
    standing: Standing | None = None


async def look_at(web: Web, addresses: Iterable[Address]) -> AsyncIterator[LookedAt]:
    """Fetch these and tell feeds and sitemaps from pages; robots.txt is obeyed.

    Raises:
        OSError: A capture could not be written.
    """
    async for looked in visit_hosts(
        web, addresses, url=lambda each: each.url, ask=lambda each: _look(web, each)
    ):
        yield looked


async def _look(web: Web, address: Address) -> LookedAt:
    standing = address.standing
    outcome = await web.fetcher.fetch(FetchRequest(address.url))
    if isinstance(outcome, Fetched) and standing is None and address.again is None:
        content = sniff(outcome.payload, outcome.content_type)
        if content in {"feed", "sitemap"}:
            polled = await captured(web, Standing(unlisted(address.url, content)), outcome)
            attempt = attempt_of(outcome, polled.standing.source.source_id, kind=content)
            return LookedAt(attempt, outcome, polled)
    source = standing.source if standing else None
    source_id = source.source_id if source else hashed_id("source", PAGES_SOURCE)
    wanted = address.again or Wanted(
        url=address.url,
        source_id=source_id,
        fetch_id="",
        position=0,
        declared=Declared(source=source.defaults if source else None),
        earlier=address.earlier,
    )
    attempt = attempt_of(outcome, wanted.source_id)
    wanted = replace(wanted, fetch_id=attempt.fetch_id)
    entry = replace(
        await landed(web, wanted, outcome), attempt=None, is_recheck=address.again is not None
    )
    if address.again is not None and isinstance(entry.capture, Postponed):
        # The page is held; its next turn comes anyway.
        failed = Rejection(entry.url, entry.capture.reason, entry.capture.detail)
        entry = replace(entry, capture=failed)
    return LookedAt(attempt, outcome, entry=entry, standing=standing)
