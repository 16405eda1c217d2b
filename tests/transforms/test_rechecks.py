"""Articles are looked at again at a pace that follows their age."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from transforms.rechecks import AT_REST, FIRST_WAIT, LONGEST_WAIT, MOST_CHECKS, next_check

SEEN = datetime(2026, 3, 1, 12, tzinfo=UTC)
SPANS = st.timedeltas(timedelta(), timedelta(days=20))


def looks(published_at: datetime | None = None, *, changes: bool = False) -> list[timedelta]:
    """The ages at which an article is looked at, when every look comes on time."""
    now, found = SEEN, []
    while (
        at := next_check(
            published_at=published_at,
            first_seen_at=SEEN,
            last_changed_at=now if changes and found else None,
            check_count=len(found),
            now=now,
        )
    ) is not None:
        found.append(at - SEEN)
        now = at
    return found


def test_each_look_comes_at_twice_the_age() -> None:
    """Half an hour, an hour, two, four; a wait of two days at most; none after a week."""
    hours = [found / timedelta(hours=1) for found in looks()]
    assert hours == [0.5, 1, 2, 4, 8, 16, 32, 64, 112, 160]


def test_an_old_article_is_hardly_looked_at() -> None:
    """What was published days before it was found is looked at once or twice, or not at all."""
    assert [at / timedelta(days=1) for at in looks(SEEN - timedelta(days=4))] == [2]
    assert looks(SEEN - timedelta(days=8)) == []


def test_a_change_makes_an_article_young_again() -> None:
    """A live page is looked at every half hour, and even so not for ever."""
    found = looks(changes=True)
    assert len(found) == MOST_CHECKS
    assert found[-1] - found[-2] == FIRST_WAIT


def test_a_time_ahead_is_not_believed() -> None:
    """An embargo or a wrong clock keeps nobody from looking."""
    assert looks(SEEN + timedelta(days=2)) == looks()


@given(SPANS, SPANS, st.integers(0, 60), SPANS)
def test_the_wait_is_bounded_and_grows_with_age(
    before: timedelta, since: timedelta, count: int, changed: timedelta
) -> None:
    """Never in the past, never sooner or later than the limits; a change never delays a look."""
    now = SEEN + since

    def at(change: datetime | None) -> datetime | None:
        return next_check(
            published_at=SEEN - before,
            first_seen_at=SEEN,
            last_changed_at=change,
            check_count=count,
            now=now,
        )

    plain, after_change = at(None), at(SEEN + min(changed, since))
    for found in (plain, after_change):
        assert found is None or FIRST_WAIT <= found - now <= LONGEST_WAIT
    if plain is not None:
        assert since + before <= AT_REST
        assert after_change is not None
        assert after_change <= plain
