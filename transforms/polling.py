"""When to ask again: how often a source is polled, and what its answers do to that.

Pure decisions. The interval of a source adapts between a floor and a ceiling: it shrinks when a
poll brings entries and grows when it brings none. What the publisher asks for is honoured within
the same bounds: `ttl`, `sy:`, Cache-Control and Expires say how long not to come, `skipHours` and
`skipDays` when, Retry-After how long to stay away. Failures are of three kinds, each with its own
back-off. Jitter comes from a hash of the seed, so that the same run decides the same again, and it
only ever adds time. `transforms.validators` says whether the next request is conditional.

Sources: RSS 2.0 (ttl, skipHours, skipDays), RSS 1.0 syndication module, RFC 9110 10.2.3
(Retry-After), RFC 9111 (freshness); the grading HARD, SOFT, TEMP is Media Cloud's.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from transforms.feeds.entries import Feed

FLOOR_S = 900
"""Least time between two polls of a source: a quarter of an hour."""

CEILING_S = 86_400
"""Most time between two polls: a day."""

FIRST_INTERVAL_S = 3_600

MAX_HARD_FAILURES = 10
"""So many in a row and a source stops: five days and a half of 404s."""

_GROWTH = 1.5
_SHRINK = 0.5
_JITTER = 0.1


class FailureKind(StrEnum):
    """How bad a failure is.

    HARD: the site says no, and will say it again (404, 401). SOFT: it tried and failed (500, a
    timeout, a damaged body). TEMP: later is likely better, and the fault may be ours (429, 503, no
    network).
    """

    HARD = "hard"
    SOFT = "soft"
    TEMP = "temp"


_BACK_OFF_S = {
    FailureKind.HARD: (21_600, CEILING_S),
    FailureKind.SOFT: (1_800, CEILING_S),
    FailureKind.TEMP: (FLOOR_S, 21_600),
}
"""First wait and longest; each failure in a row doubles it."""

_RETRIES_S = {
    FailureKind.HARD: (),
    FailureKind.SOFT: (900, 3_600, 14_400, 43_200, 86_400),
    FailureKind.TEMP: (600, 1_800, 3_600, 10_800, 21_600, 43_200, 86_400),
}
"""Waits after the first, second, ... failed attempt at an article: two days and a half in all."""

_TEMP_REASONS = frozenset(
    {
        "rate_limited",
        "unavailable",
        "connection_failed",
        "host_not_found",
        "host_busy",
        "robots_unreachable",
        "crawl_delay",
    }
)
_HARD_REASONS = frozenset(
    {
        "bad_address",
        "private_address",
        "robots_denied",
        "unsupported_type",
        "unsupported_coding",
        "too_many_redirects",
        "redirect_loop",
        "gone",
        "not_found",
        "refused",
        "http_status",
        "binary",
    }
)


class PollResult(StrEnum):
    """What came of a poll."""

    NEW_ENTRIES = "new_entries"
    UNCHANGED = "unchanged"
    FAILED = "failed"


class SourceStatus(StrEnum):
    """Whether a source is polled: `active`, `stopped` after too many failures, `retired` by a 410."""

    ACTIVE = "active"
    STOPPED = "stopped"
    RETIRED = "retired"


@dataclass(frozen=True, slots=True)
class PollState:
    """Where a source stands between two polls.

    Attributes:
        interval_s: the adaptive interval, seconds.
        next_poll_at: aware; None where the source is not polled any more.
        failure_count: failures of any kind since the last success.
        hard_failure_count: hard ones among them.
        status: whether it is polled.
        status_reason: why it is not, one sentence; None while it is.
        last_success_at: aware; None before the first.
        moved_to: the address the site says it has now, for good (301, 308); None where it says none.
    """

    interval_s: int = FIRST_INTERVAL_S
    next_poll_at: datetime | None = None
    failure_count: int = 0
    hard_failure_count: int = 0
    status: SourceStatus = SourceStatus.ACTIVE
    status_reason: str | None = None
    last_success_at: datetime | None = None
    moved_to: str | None = None


NEVER_POLLED = PollState()


@dataclass(frozen=True, slots=True)
class PollOutcome:
    """What came of a poll.

    Attributes:
        result: in one word; a 304, the same body and a feed without a new entry are UNCHANGED.
        new_count: entries not seen before.
        entry_count: entries in all, 0 where they were not read.
        status_code: of the answer, None where none came.
        failure: how bad, where it failed.
        retry_after_s: what the site asked for on 429 or 503, seconds.
        moved_to: target of the permanent redirects (301, 308) the way began with, not of others.
        detail: what went wrong, one sentence.
    """

    result: PollResult
    new_count: int = 0
    entry_count: int = 0
    status_code: int | None = None
    failure: FailureKind | None = None
    retry_after_s: float | None = None
    moved_to: str | None = None
    detail: str | None = None


@dataclass(frozen=True, slots=True)
class FeedHints:
    """What operator, feed and server say about when to come.

    Attributes:
        every_s: the operator's own interval; takes the place of the adaptive one.
        ttl_minutes: the feed's `ttl`.
        update_every_s: the feed's `sy:updatePeriod` over `sy:updateFrequency`.
        freshness_s: Cache-Control or Expires (`transforms.http_headers.freshness_s`).
        skip_hours: hours in GMT, 0 to 23.
        skip_days: days in GMT, 0 for Monday.
    """

    every_s: int | None = None
    ttl_minutes: int | None = None
    update_every_s: int | None = None
    freshness_s: float | None = None
    skip_hours: frozenset[int] = frozenset()
    skip_days: frozenset[int] = frozenset()


def feed_hints(
    feed: Feed | None, *, every_s: int | None = None, freshness_s: float | None = None
) -> FeedHints:
    """The hints of a feed as read; None where it was not read."""
    if feed is None:
        return FeedHints(every_s=every_s, freshness_s=freshness_s)
    return FeedHints(
        every_s=every_s,
        ttl_minutes=feed.ttl_minutes,
        update_every_s=feed.update_every_s,
        freshness_s=freshness_s,
        skip_hours=feed.skip_hours,
        skip_days=feed.skip_days,
    )


def hints_as_text(hints: FeedHints) -> str:
    """What feed and server said, as JSON to be stored: a 304 says little, so the last word counts.

    The operator's own interval is not among it.
    """
    said = {
        "ttl_minutes": hints.ttl_minutes,
        "update_every_s": hints.update_every_s,
        "freshness_s": hints.freshness_s,
        "skip_hours": sorted(hints.skip_hours),
        "skip_days": sorted(hints.skip_days),
    }
    return json.dumps({key: value for key, value in said.items() if value})


def hints_from_text(text: str | None) -> FeedHints:
    """The reverse of `hints_as_text`; no hints where nothing is stored."""
    said = json.loads(text) if text else {}
    return FeedHints(
        ttl_minutes=said.get("ttl_minutes"),
        update_every_s=said.get("update_every_s"),
        freshness_s=said.get("freshness_s"),
        skip_hours=frozenset(said.get("skip_hours", ())),
        skip_days=frozenset(said.get("skip_days", ())),
    )


def failure_kind(reason: str, status_code: int | None = None) -> FailureKind:
    """How bad a failure is, by its reason in the ledger and the HTTP status, if any."""
    if status_code in {408, 425, 429, 503} or reason in _TEMP_REASONS:
        return FailureKind.TEMP
    if reason in _HARD_REASONS or (status_code is not None and 400 <= status_code < 500):
        return FailureKind.HARD
    return FailureKind.SOFT


def next_poll(
    *, now: datetime, previous: PollState, outcome: PollOutcome, hints: FeedHints, seed: str
) -> PollState:
    """The state of a source after a poll.

    Args:
        now: when the answer came, aware.
        previous: the state before; `NEVER_POLLED` at first.
        outcome: what came of the poll.
        hints: what operator, feed and server say.
        seed: what the jitter is made from: the source's id.
    """
    moved_to = outcome.moved_to or previous.moved_to
    if outcome.result is PollResult.FAILED:
        return replace(_after_failure(now, previous, outcome, hints, seed), moved_to=moved_to)
    interval_s = _interval_s(previous, outcome, hints)
    wait_s = max(interval_s, _asked_s(hints)) * (1 + _JITTER * _fraction(seed, now))
    return PollState(
        interval_s=interval_s,
        next_poll_at=_outside_skips(now + timedelta(seconds=wait_s), hints, seed),
        last_success_at=now,
        moved_to=moved_to,
    )


def next_attempt(
    attempts: int,
    kind: FailureKind,
    now: datetime,
    seed: str,
    *,
    retry_after_s: float | None = None,
) -> datetime | None:
    """When to try an article again, or None: not again, it is quarantined.

    Args:
        attempts: how many have been made, 1 after the first.
        kind: how bad the last failure was; a hard one is not tried again.
        now: aware.
        seed: what the jitter is made from: the ledger id.
        retry_after_s: what the site asked for; never sooner, at most a day.
    """
    waits = _RETRIES_S[kind]
    if not 1 <= attempts <= len(waits):
        return None
    wait_s = waits[attempts - 1] * (1 + 2 * _JITTER * _fraction(seed, now))
    return now + timedelta(seconds=max(wait_s, min(retry_after_s or 0.0, CEILING_S)))


def _after_failure(
    now: datetime, previous: PollState, outcome: PollOutcome, hints: FeedHints, seed: str
) -> PollState:
    kind = outcome.failure or FailureKind.SOFT
    failed = replace(
        previous,
        failure_count=previous.failure_count + 1,
        hard_failure_count=previous.hard_failure_count + (kind is FailureKind.HARD),
    )
    if outcome.status_code == 410:
        reason = "The site says that it is gone for good (410)."
        return replace(failed, status=SourceStatus.RETIRED, status_reason=reason, next_poll_at=None)
    if failed.hard_failure_count >= MAX_HARD_FAILURES:
        reason = (
            f"Failed {failed.hard_failure_count} times without a success between, last: "
            f"{outcome.detail or outcome.status_code or 'no reason given'}"
        )
        return replace(failed, status=SourceStatus.STOPPED, status_reason=reason, next_poll_at=None)
    first_s, longest_s = _BACK_OFF_S[kind]
    wait_s = float(min(first_s * 2 ** min(failed.failure_count - 1, 20), longest_s))
    if outcome.retry_after_s is not None:
        wait_s = min(max(outcome.retry_after_s, FLOOR_S), CEILING_S)
    wait_s *= 1 + _JITTER * _fraction(seed, now)
    return replace(
        failed,
        status=SourceStatus.ACTIVE,
        status_reason=None,
        next_poll_at=_outside_skips(now + timedelta(seconds=wait_s), hints, seed),
    )


def _interval_s(previous: PollState, outcome: PollOutcome, hints: FeedHints) -> int:
    if hints.every_s is not None:
        return min(max(hints.every_s, FLOOR_S), 7 * CEILING_S)
    if outcome.result is PollResult.UNCHANGED:
        interval = previous.interval_s * _GROWTH
    elif previous.last_success_at is None:
        interval = float(previous.interval_s)  # of the first poll everything is new
    elif outcome.entry_count and outcome.new_count >= outcome.entry_count:
        interval = float(FLOOR_S)  # nothing known was left in the window: some may have been missed
    else:
        interval = previous.interval_s * _SHRINK
    return min(max(round(interval), FLOOR_S), CEILING_S)


def _asked_s(hints: FeedHints) -> float:
    """How long the publisher asks not to come: the longest of what it says, a day at most."""
    asked = (
        (hints.ttl_minutes or 0) * 60.0,
        float(hints.update_every_s or 0),
        hints.freshness_s or 0.0,
    )
    return min(max(asked), CEILING_S)


def _outside_skips(at: datetime, hints: FeedHints, seed: str) -> datetime:
    """The first time from `at` on that is in no hour and no day to be skipped.

    Hours that fill the day, and days that fill the week, are a mistake and are not honoured.
    """
    hours = hints.skip_hours if len(hints.skip_hours) < 24 else frozenset()
    days = hints.skip_days if len(hints.skip_days) < 7 else frozenset()
    found = at.astimezone(UTC)
    moved = False
    while found.hour in hours or found.weekday() in days:
        found = found.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
        moved = True
    # Not everybody at the stroke of the hour.
    return found + timedelta(seconds=600 * _fraction(seed, at)) if moved else found


def _fraction(seed: str, now: datetime) -> float:
    """A number from 0 to 1 that looks random and is a function of its arguments."""
    digest = hashlib.sha256(f"{seed} {now.isoformat()}".encode("utf-8", "replace")).digest()
    return int.from_bytes(digest[:8], "big") / 2**64
