"""What a poll means for its source: whether anything is new, when to come back, what is trusted."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from flows.polling.asking import Polled
from flows.polling.parsing import Announced
from flows.polling.states import LastBody, Standing
from flows.readings import Postponed
from flows.web.outcomes import Fetched, FetchFailure
from transforms.feeds.entries import Feed
from transforms.http_headers import freshness_s, links, validators
from transforms.polling import (
    FailureKind,
    FeedHints,
    PollOutcome,
    PollResult,
    SourceStatus,
    failure_kind,
    feed_hints,
    next_poll,
)
from transforms.records import Rejection
from transforms.validators import validators_after


@dataclass(frozen=True, slots=True)
class Judged:
    """A poll and what follows from it, but for what only the tables know: how much of it is new.

    `failure` says why the source could not be read. `standing` is that after the poll; for a success
    `settled` completes it.
    """

    standing: Standing
    outcome: Fetched | FetchFailure
    parsed: Announced | None = None
    failure: Postponed | Rejection | None = None
    is_unchanged: bool = False

    def settled(self, new_count: int, now: datetime) -> Standing:
        """Where the source stands when so many of its entries are new."""
        said = self.parsed.said if self.parsed else None
        outcome = PollOutcome(
            PollResult.NEW_ENTRIES if new_count else PollResult.UNCHANGED,
            new_count=new_count,
            entry_count=len(said.entries) if said else 0,
            status_code=self.outcome.status,
            moved_to=self.outcome.moved_to,
        )
        poll = next_poll(
            now=now,
            previous=self.standing.poll,
            outcome=outcome,
            hints=replace(self.standing.hints, every_s=self.standing.source.every_s),
            seed=self.standing.source.source_id,
        )
        return replace(self.standing, poll=poll)


def judge(polled: Polled, parsed: Announced | Rejection | None, now: datetime) -> Judged:
    """What follows from an answer.

    Args:
        polled: The source and its answer.
        parsed: What its body says; None where there is none, or one that is known.
        now: Aware.
    """
    before = replace(polled.standing, last_polled_at=now, last_reason=None, last_error=None)
    outcome = polled.outcome
    if isinstance(outcome, FetchFailure):
        return _failed(before, outcome, outcome, now)
    if isinstance(parsed, Rejection):
        return _failed(before, outcome, parsed, now)
    known = polled.standing.validators
    digest = parsed.content_sha256 if parsed else None
    if digest is None and polled.is_same_body:
        digest = known.content_sha256
    is_unchanged = digest is None or digest == known.content_sha256
    after = validators_after(
        known, sent=polled.sent, received=validators(outcome.headers), content_sha256=digest
    )
    standing = replace(before, validators=after, hints=_hints(before, outcome, parsed, now))
    if parsed is not None and polled.digest is not None:
        body = LastBody(
            len(parsed.said.entries), outcome.exchange.url, outcome.fetched_at, polled.digest
        )
        hubs = parsed.said.hub_urls if isinstance(parsed.said, Feed) else ()
        hub = next(iter(hubs), None) or links(outcome.headers, outcome.final_url).get("hub")
        standing = replace(standing, body=body, hub_url=hub)
    return Judged(standing, outcome, parsed, is_unchanged=is_unchanged)


def _hints(
    before: Standing, outcome: Fetched, parsed: Announced | None, now: datetime
) -> FeedHints:
    """What is said about when to come; without a body to read, the last one's word holds.

    A 304 may leave out headers that are as they were (RFC 9111, 4.3.4).
    """
    fresh_s = freshness_s(outcome.headers, now)
    if parsed is None:
        is_silent = fresh_s is None and outcome.is_unchanged
        return before.hints if is_silent else replace(before.hints, freshness_s=fresh_s)
    return feed_hints(parsed.said if isinstance(parsed.said, Feed) else None, freshness_s=fresh_s)


def _failed(
    before: Standing,
    outcome: Fetched | FetchFailure,
    failed: FetchFailure | Rejection,
    now: datetime,
) -> Judged:
    status, retry_after_s, is_retryable = None, None, False
    if isinstance(failed, FetchFailure):
        status, retry_after_s = failed.status, failed.retry_after_s
        is_retryable = failed.is_retryable
    reason, detail = failed.reason, failed.detail
    kind = failure_kind(reason.value, status)
    if is_retryable and kind is FailureKind.HARD:
        kind = FailureKind.SOFT  # a challenge comes as a 403, which is no refusal for good
    poll = next_poll(
        now=now,
        previous=before.poll,
        outcome=PollOutcome(
            PollResult.FAILED,
            status_code=status,
            failure=kind,
            retry_after_s=retry_after_s,
            detail=detail,
        ),
        hints=replace(before.hints, every_s=before.source.every_s),
        seed=before.source.source_id,
    )
    standing = replace(before, poll=poll, last_reason=reason.value, last_error=detail)
    url = before.source.url
    is_final = not is_retryable or poll.status is not SourceStatus.ACTIVE
    if is_final or poll.next_poll_at is None:
        return Judged(standing, outcome, failure=Rejection(url, reason, detail))
    return Judged(standing, outcome, failure=Postponed(url, reason, detail, poll.next_poll_at))
