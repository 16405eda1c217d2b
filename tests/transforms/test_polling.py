"""When a source is polled again, and an article tried again."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.feeds.entries import Feed
from transforms.polling import (
    CEILING_S,
    FIRST_INTERVAL_S,
    FLOOR_S,
    MAX_HARD_FAILURES,
    NEVER_POLLED,
    FailureKind,
    FeedHints,
    PollOutcome,
    PollResult,
    PollState,
    SourceStatus,
    failure_kind,
    feed_hints,
    hints_as_text,
    hints_from_text,
    next_attempt,
    next_poll,
)
from transforms.records import Reason

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)  # a Sunday
NEW = PollOutcome(PollResult.NEW_ENTRIES, new_count=3, entry_count=30, status_code=200)
SAME = PollOutcome(PollResult.UNCHANGED, entry_count=30, status_code=304)
NO_HINTS = FeedHints()
POLLED = PollState(interval_s=7_200, next_poll_at=NOW, last_success_at=NOW - timedelta(hours=2))


def after(
    outcome: PollOutcome,
    previous: PollState = POLLED,
    hints: FeedHints = NO_HINTS,
    now: datetime = NOW,
    seed: str = "source",
) -> PollState:
    """The state after a poll."""
    return next_poll(now=now, previous=previous, outcome=outcome, hints=hints, seed=seed)


def wait_s(state: PollState, now: datetime = NOW) -> float:
    """Seconds until the next poll."""
    assert state.next_poll_at is not None
    return (state.next_poll_at - now).total_seconds()


def failed(kind: FailureKind, **more: object) -> PollOutcome:
    """A failed poll."""
    return PollOutcome(PollResult.FAILED, failure=kind, **more)  # type: ignore[arg-type]


def test_the_first_poll_sets_the_pace() -> None:
    """All is new then, which says nothing about how often it changes."""
    state = after(replace(NEW, new_count=30), NEVER_POLLED)

    assert state.interval_s == FIRST_INTERVAL_S
    assert FIRST_INTERVAL_S <= wait_s(state) <= 1.1 * FIRST_INTERVAL_S
    assert state.last_success_at == NOW


def test_new_entries_shorten_the_interval_and_their_absence_lengthens_it() -> None:
    """By half, and by half as much again."""
    assert after(NEW).interval_s == 3_600
    assert after(SAME).interval_s == 10_800


def test_the_interval_stays_between_floor_and_ceiling() -> None:
    """However long a source is busy or quiet."""
    busy = quiet = POLLED
    for _ in range(50):
        busy, quiet = after(NEW, busy), after(SAME, quiet)

    assert (busy.interval_s, quiet.interval_s) == (FLOOR_S, CEILING_S)


def test_a_window_full_of_new_entries_means_to_hurry() -> None:
    """Nothing known was left in it, so some may have been missed."""
    assert after(replace(NEW, new_count=30)).interval_s == FLOOR_S


def test_the_operators_own_interval_counts() -> None:
    """Whatever the feed brings; within the floor."""
    for outcome in (NEW, SAME):
        assert after(outcome, hints=FeedHints(every_s=1_800)).interval_s == 1_800
    assert after(NEW, hints=FeedHints(every_s=5)).interval_s == FLOOR_S


@pytest.mark.parametrize(
    ("hints", "least_s"),
    [
        (FeedHints(ttl_minutes=240), 14_400),
        (FeedHints(update_every_s=14_400), 14_400),
        (FeedHints(freshness_s=14_400.0), 14_400),
        (FeedHints(ttl_minutes=60, update_every_s=7_200, freshness_s=14_400), 14_400),
        (FeedHints(ttl_minutes=240, every_s=1_800), 14_400),
        (FeedHints(ttl_minutes=10_000_000), CEILING_S),
        (FeedHints(freshness_s=30 * 86_400), CEILING_S),
        (FeedHints(ttl_minutes=1), 3_600),
        (FeedHints(ttl_minutes=0), 3_600),
    ],
)
def test_what_the_publisher_asks_is_honoured(hints: FeedHints, least_s: int) -> None:
    """Never sooner than ttl, sy: and Cache-Control say, nor later than the ceiling for it."""
    assert least_s <= wait_s(after(NEW, hints=hints)) <= 1.1 * least_s


def test_skipped_hours_and_days_are_skipped() -> None:
    """In GMT; into the next hour or day that is not."""
    hours = FeedHints(skip_hours=frozenset({13, 14, 15}))
    days = FeedHints(skip_days=frozenset({6, 0}))
    both = FeedHints(skip_hours=frozenset({0, 1}), skip_days=frozenset({6}))

    assert after(NEW, hints=hours).next_poll_at.replace(
        minute=0, second=0, microsecond=0
    ) == NOW.replace(hour=16)  # type: ignore[union-attr]
    for hints, day, hour in ((days, 24, 0), (both, 23, 2)):
        at = after(NEW, hints=hints).next_poll_at
        assert at is not None
        assert (at.day, at.hour) == (day, hour)


def test_skipping_everything_skips_nothing() -> None:
    """A feed that excludes the whole day, or week, is mistaken."""
    for hints in (
        FeedHints(skip_hours=frozenset(range(24))),
        FeedHints(skip_days=frozenset(range(7))),
    ):
        assert wait_s(after(NEW, hints=hints)) <= 1.1 * 3_600


@given(
    st.frozensets(st.integers(0, 23)),
    st.frozensets(st.integers(0, 6)),
    st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001 - hypothesis adds the zone
    st.sampled_from([NEW, SAME, failed(FailureKind.TEMP)]),
)
def test_no_poll_falls_into_what_is_skipped(
    hours: frozenset[int], days: frozenset[int], now: datetime, outcome: PollOutcome
) -> None:
    """Nor into the past."""
    at = after(outcome, hints=FeedHints(skip_hours=hours, skip_days=days), now=now).next_poll_at

    assert at is not None
    assert at > now
    assert at.hour not in hours or len(hours) == 24
    assert at.weekday() not in days or len(days) == 7


def test_retry_after_is_honoured_within_a_day() -> None:
    """Never sooner; not later than a day; not sooner than the floor."""
    for asked, least_s in ((7_200.0, 7_200), (10.0, FLOOR_S), (1e9, CEILING_S)):
        state = after(failed(FailureKind.TEMP, status_code=429, retry_after_s=asked))
        assert least_s <= wait_s(state) <= 1.1 * least_s


@pytest.mark.parametrize(
    ("kind", "waits_s"),
    [
        (FailureKind.TEMP, [900, 1_800, 3_600, 7_200, 14_400, 21_600, 21_600]),
        (FailureKind.SOFT, [1_800, 3_600, 7_200, 14_400, 28_800, 57_600, 86_400]),
        (FailureKind.HARD, [21_600, 43_200, 86_400, 86_400]),
    ],
)
def test_back_off_is_graded(kind: FailureKind, waits_s: list[int]) -> None:
    """It doubles, from and to what the kind of failure deserves; the interval is not forgotten."""
    state = POLLED
    for number, least_s in enumerate(waits_s, 1):
        state = after(failed(kind), state)
        assert least_s <= wait_s(state) <= 1.1 * least_s
        assert (state.failure_count, state.interval_s) == (number, POLLED.interval_s)
        assert state.last_success_at == POLLED.last_success_at


def test_a_success_ends_the_back_off() -> None:
    """All counts begin anew."""
    state = after(failed(FailureKind.HARD), after(failed(FailureKind.SOFT)))

    assert (state.failure_count, state.hard_failure_count) == (2, 1)
    assert after(SAME, state) == after(SAME)


def test_many_hard_failures_stop_a_source() -> None:
    """And say why; soft and temporary ones never do, since the fault may be ours."""
    stopped = soft = POLLED
    for _ in range(MAX_HARD_FAILURES):
        assert stopped.status is SourceStatus.ACTIVE
        stopped = after(
            failed(FailureKind.HARD, status_code=404, detail="Not found (404)."), stopped
        )
    for _ in range(200):
        soft = after(failed(FailureKind.TEMP), after(failed(FailureKind.SOFT), soft))

    assert (stopped.status, stopped.next_poll_at) == (SourceStatus.STOPPED, None)
    assert (
        stopped.status_reason == "Failed 10 times without a success between, last: Not found (404)."
    )
    assert soft.status is SourceStatus.ACTIVE


def test_410_retires_a_source() -> None:
    """At once."""
    state = after(failed(FailureKind.HARD, status_code=410))

    assert (state.status, state.next_poll_at) == (SourceStatus.RETIRED, None)
    assert state.status_reason


def test_a_source_moves_with_permanent_redirects() -> None:
    """Where they lead is kept, through failures too, until they lead elsewhere."""
    moved = after(replace(SAME, moved_to="https://new.example/rss"))

    assert moved.moved_to == "https://new.example/rss"
    assert after(SAME, moved).moved_to == "https://new.example/rss"
    assert after(failed(FailureKind.SOFT), moved).moved_to == "https://new.example/rss"
    assert (
        after(replace(SAME, moved_to="https://c.example/"), moved).moved_to == "https://c.example/"
    )
    assert after(SAME).moved_to is None


def test_jitter_is_a_function_of_its_arguments() -> None:
    """The same for the same, spread over sources and over time, and never early."""
    waits = [wait_s(after(NEW, seed=f"source {n}")) for n in range(500)]

    assert after(NEW) == after(NEW)
    assert len(set(waits)) == 500
    assert min(waits) >= 3_600
    assert max(waits) - min(waits) > 300
    later = NOW + timedelta(hours=1)
    assert wait_s(after(NEW, now=later), later) != wait_s(after(NEW))


def test_hints_come_from_the_feed() -> None:
    """Where it was read; else only what operator and server say remains."""
    feed = Feed(
        "rss", ttl_minutes=5, update_every_s=60, skip_hours=frozenset({1}), skip_days=frozenset({2})
    )

    assert feed_hints(feed, every_s=9, freshness_s=7.0) == FeedHints(
        9, 5, 60, 7.0, frozenset({1}), frozenset({2})
    )
    assert feed_hints(None, every_s=9, freshness_s=7.0) == FeedHints(every_s=9, freshness_s=7.0)


@given(
    st.frozensets(st.integers(0, 23)),
    st.frozensets(st.integers(0, 6)),
    st.none() | st.integers(1, 99),
)
def test_hints_can_be_remembered(
    hours: frozenset[int], days: frozenset[int], ttl: int | None
) -> None:
    """Over polls that bring no body: what the feed said last still counts."""
    hints = FeedHints(None, ttl, ttl, ttl, hours, days)

    assert hints_from_text(hints_as_text(hints)) == hints
    assert hints_from_text(hints_as_text(replace(hints, every_s=9))) == hints
    assert hints_from_text(None) == FeedHints()


@pytest.mark.parametrize(
    ("reason", "status", "kind"),
    [
        (Reason.NOT_FOUND, 404, FailureKind.HARD),
        (Reason.REFUSED, 401, FailureKind.HARD),
        (Reason.GONE, 410, FailureKind.HARD),
        (Reason.PRIVATE_ADDRESS, None, FailureKind.HARD),
        (Reason.RATE_LIMITED, 429, FailureKind.TEMP),
        (Reason.UNAVAILABLE, 503, FailureKind.TEMP),
        (Reason.CONNECTION_FAILED, None, FailureKind.TEMP),
        (Reason.HOST_NOT_FOUND, None, FailureKind.TEMP),
        (Reason.SERVER_ERROR, 500, FailureKind.SOFT),
        (Reason.DEADLINE_EXCEEDED, None, FailureKind.SOFT),
        (Reason.UNREADABLE, 200, FailureKind.SOFT),
        (Reason.PARSER_TIMEOUT, 200, FailureKind.SOFT),
        (Reason.CHALLENGE, 403, FailureKind.HARD),
        ("never heard of", None, FailureKind.SOFT),
        ("never heard of", 418, FailureKind.HARD),
    ],
)
def test_failures_are_told_apart(reason: str, status: int | None, kind: FailureKind) -> None:
    """By the reason in the ledger and the status."""
    assert failure_kind(reason, status) is kind


@pytest.mark.parametrize(
    ("kind", "attempts"), [(FailureKind.HARD, 1), (FailureKind.SOFT, 6), (FailureKind.TEMP, 8)]
)
def test_an_article_is_tried_so_many_times(kind: FailureKind, attempts: int) -> None:
    """With growing pauses, over days; then it is quarantined."""
    waits = []
    while (at := next_attempt(len(waits) + 1, kind, NOW, "entry")) is not None:
        waits.append((at - NOW).total_seconds())

    assert len(waits) + 1 == attempts
    assert waits == sorted(waits)
    assert sum(waits) < 7 * 86_400


def test_a_retry_waits_as_long_as_the_site_asks() -> None:
    """Within a day; and retries of many articles are spread."""
    asked = next_attempt(1, FailureKind.TEMP, NOW, "entry", retry_after_s=9_000)
    spread = {next_attempt(1, FailureKind.SOFT, NOW, f"entry {n}") for n in range(100)}

    assert asked == NOW + timedelta(seconds=9_000)
    far = next_attempt(1, FailureKind.TEMP, NOW, "entry", retry_after_s=1e9)
    assert far == NOW + timedelta(days=1)
    assert len(spread) == 100


_OUTCOMES = st.builds(
    PollOutcome,
    st.sampled_from(PollResult),
    new_count=st.integers(0, 50),
    entry_count=st.integers(0, 50),
    status_code=st.sampled_from([None, 200, 304, 404, 429, 500, 503]),
    failure=st.sampled_from([None, *FailureKind]),
    retry_after_s=st.none() | st.floats(0, 1e7),
)
_HINTS = st.builds(
    FeedHints,
    every_s=st.none() | st.integers(1, 10**7),
    ttl_minutes=st.none() | st.integers(0, 10**6),
    update_every_s=st.none() | st.integers(1, 10**8),
    freshness_s=st.none() | st.floats(0, 1e8),
)


@given(st.lists(st.tuples(_OUTCOMES, _HINTS), max_size=30))
def test_whatever_happens_the_next_poll_is_within_bounds(
    history: list[tuple[PollOutcome, FeedHints]],
) -> None:
    """A quarter of an hour to a day and a tenth; eight times as long where the operator said so."""
    state = NEVER_POLLED
    for outcome, hints in history:
        state = after(outcome, state, hints)
        if state.status is not SourceStatus.ACTIVE:
            assert state.next_poll_at is None
            assert state.status_reason
            break
        longest = max(CEILING_S, min(hints.every_s or 0, 7 * CEILING_S))
        assert FLOOR_S <= wait_s(state) <= 1.11 * longest
