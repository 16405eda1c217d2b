"""Landing pages: fetched in turn, put on disk, and given on for extraction.

`land` knows nothing of feeds: a backfill lands the pages of an old sitemap, or an archive's copies
of them, in the same way.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections.abc import AsyncIterator, Iterable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from flows.archive import utc_instant
from flows.archive.http_answers import page_type
from flows.archive.own_records import is_own_place, own_headers
from flows.readings import (
    EarlierPage,
    Entry,
    Postponed,
    Wanted,
    WebReading,
    declared_values,
    with_defaults,
)
from flows.web.capture import Unwritten
from flows.web.outcomes import Fetched, FetchFailure, FetchRequest
from flows.web.session import Web
from flows.web.visits import visit_hosts
from flows.web.warc_records import Announced, Earlier, payload_digest
from transforms.feed_word import KEY
from transforms.identity import hashed_id
from transforms.polling import FailureKind, failure_kind, next_attempt
from transforms.records import Page, Reason, Rejection
from transforms.urls import is_http

_HTML = "text/html; charset=utf-8"


async def land(web: Web, wanted: Iterable[Wanted]) -> AsyncIterator[Entry]:
    """Fetch pages politely, capture them, and say what became of each, in the order of their ends.

    Hosts are asked side by side, each for one page at a time. A capture is on disk before its entry
    is given. A failure that may pass is `Postponed`; a final one is a `Rejection`, or the page made
    of the text that was announced with it.

    Args:
        web: What asks and captures.
        wanted: The pages; none twice.

    Raises:
        OSError: A capture could not be written.
    """
    async for entry in visit_hosts(
        web,
        wanted,
        url=lambda each: each.fetch_url or each.url,
        ask=lambda each: land_one(web, each),
    ):
        yield entry


def attempt_of(
    outcome: Fetched | FetchFailure, source_id: str, *, kind: str = "page"
) -> WebReading:
    """A fetch as a reading."""
    at = outcome.fetched_at
    fetch_id = hashed_id("fetch", source_id, outcome.url, at.isoformat())
    if isinstance(outcome, FetchFailure):
        return WebReading(
            fetch_id, source_id, outcome.url, kind, at, outcome.status, None, outcome.reason
        )
    digest = None if outcome.is_unchanged else hashlib.sha256(outcome.payload).hexdigest()
    return WebReading(fetch_id, source_id, outcome.url, kind, at, outcome.status, digest)


def context_json(wanted: Wanted, captured_url: str) -> str | None:
    """What is known of a page beside its bytes, as its capture keeps it."""
    known = {
        "url": wanted.url if wanted.url != captured_url else None,
        "declared": dict(declared_values(wanted.declared)),
    }
    present = {key: value for key, value in known.items() if value}
    return json.dumps(present, ensure_ascii=True) if present else None


async def land_one(web: Web, wanted: Wanted) -> Entry:
    """Fetch and capture one page."""
    if not is_http(wanted.fetch_url or wanted.url):
        page = await _announced(web, wanted, datetime.now(UTC))
        detail = "It has no address on the web, and its text did not come with it."
        return _entry(wanted, page or Rejection(wanted.url, Reason.BAD_ADDRESS, detail))
    return await landed(
        web, wanted, await web.fetcher.fetch(FetchRequest(wanted.fetch_url or wanted.url))
    )


async def landed(web: Web, wanted: Wanted, outcome: Fetched | FetchFailure) -> Entry:
    """What a fetch of a page comes to, captured."""
    attempt = attempt_of(outcome, wanted.source_id)
    wanted = _remembering(wanted)
    if isinstance(outcome, Fetched):
        return _entry(wanted, await _captured(web, wanted, outcome), attempt)
    at = _next_attempt_at(outcome, wanted)
    if at is not None:
        again = Postponed(wanted.url, outcome.reason, outcome.detail, at)
        return _entry(wanted, again, attempt)
    page = await _announced(web, wanted, outcome.fetched_at)
    failed = Rejection(wanted.url, outcome.reason, outcome.detail)
    return _entry(wanted, page or failed, attempt)


def _remembering(wanted: Wanted) -> Wanted:
    """With what led to the page when it was captured before, where nothing leads to it this time.

    Who looks at a page again, or by hand, must not make its article forget when it was announced.
    """
    if wanted.earlier is None:
        return wanted
    now, before = wanted.declared, wanted.earlier.declared
    kept = {KEY: before.extra[KEY]} if KEY in before.extra else {}
    extra = {**kept, **now.extra}
    declared = replace(now, extra=extra, source=now.source or before.source)
    return replace(wanted, declared=declared)


def _entry(
    wanted: Wanted, capture: Page | Rejection | Postponed, attempt: WebReading | None = None
) -> Entry:
    return Entry(wanted.position, wanted.url, capture, wanted=wanted, attempt=attempt)


async def _captured(web: Web, wanted: Wanted, fetched: Fetched) -> Page | Rejection:
    context = context_json(wanted, fetched.exchange.url)
    earlier = await asyncio.to_thread(_same_body, web.home, wanted.earlier, fetched)
    capture = await web.capture(Unwritten(fetched, earlier, context))
    kind = page_type(fetched.content_type, fetched.payload)
    if kind is None:
        detail = f"is of type {fetched.content_type[:80]!r}"
        return Rejection(wanted.url, Reason.UNSUPPORTED_TYPE, detail)
    is_held = earlier is not None and wanted.earlier is not None
    final_url = fetched.exchange.url
    page = Page(
        url=wanted.url,
        payload=fetched.payload,
        content_type=kind,
        fetched_at=fetched.fetched_at,
        # A revisit holds no body: the page is where the body is.
        location=wanted.earlier.location if is_held and wanted.earlier else capture.location,
        final_url=final_url if final_url != wanted.url else None,
        status_code=fetched.status,
        declared=wanted.declared,
    )
    return with_defaults(page, None)


def _same_body(home: Path, held: EarlierPage | None, fetched: Fetched) -> Earlier | None:
    """The record that holds the very bytes that were received, None where none does."""
    if held is None or held.sha256 != hashlib.sha256(fetched.payload).hexdigest():
        return None
    place = held.location
    headers = own_headers(home / place.file, place.offset)
    at = utc_instant(headers.get("warc-date"))
    digest = headers.get("warc-payload-digest")
    if at is None or digest != payload_digest(fetched) or not is_own_place(place.file):
        return None
    url = headers.get("warc-target-uri", "")
    return Earlier(url, at, digest, f"{place.file} {place.offset} {place.length}")


async def _announced(web: Web, wanted: Wanted, at: datetime) -> Page | None:
    """The page made of the text that was announced with it, None where there is none."""
    if not wanted.fallback:
        return None
    announced = Announced(wanted.url, wanted.fallback.encode(), _HTML, at)
    wanted_text = Wanted(
        wanted.url,
        wanted.source_id,
        wanted.fetch_id,
        wanted.position,
        declared=wanted.fallback_declared,
    )
    capture = await web.capture(Unwritten(announced, context=context_json(wanted_text, wanted.url)))
    page = Page(
        url=announced.url,
        payload=announced.payload,
        content_type=announced.content_type,
        fetched_at=announced.at,
        location=capture.location,
        declared=wanted.fallback_declared,
    )
    return with_defaults(page, None)


def _next_attempt_at(failed: FetchFailure, wanted: Wanted) -> datetime | None:
    """When to try again, None for never."""
    if not failed.is_retryable:
        return None
    kind = failure_kind(failed.reason.value, failed.status)
    return next_attempt(
        wanted.attempts + 1,
        # A challenge comes as a 403, which is no refusal for good.
        FailureKind.SOFT if kind is FailureKind.HARD else kind,
        failed.fetched_at,
        hashed_id("input", wanted.url),
        retry_after_s=failed.retry_after_s,
    )
