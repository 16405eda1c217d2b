"""When an article is looked at again: soon while it is new, ever more rarely after that.

An article's text changes mostly in its first hours. The wait until the next look is as long as the
article has been at rest, so looks come at twice the age each time: after 30 minutes, 1 hour, 2, 4,
and so on. A change of text makes it young again. Ten looks cover a week; then it is left.
"""

from __future__ import annotations

from datetime import datetime, timedelta

FIRST_WAIT = timedelta(minutes=30)
"""No article is fetched again sooner."""

LONGEST_WAIT = timedelta(days=2)

AT_REST = timedelta(days=7)
"""An article whose text has stood this long is not looked at again."""

MOST_CHECKS = 40
"""Not even one that changes each time, a live page, is looked at more often."""


def next_check(
    *,
    published_at: datetime | None,
    first_seen_at: datetime,
    last_changed_at: datetime | None,
    check_count: int,
    now: datetime,
) -> datetime | None:
    """When to fetch an article again, or None where that is not worth it any more.

    Args:
        published_at: the publisher's claim; one after `first_seen_at` is not believed.
        first_seen_at: when we first loaded it.
        last_changed_at: when its text was last seen to differ from before; None: never.
        check_count: how often it has been looked at again.
        now: the present, after the last look. All times are aware.

    Returns:
        A time after `now`, never sooner than `FIRST_WAIT`.
    """
    if check_count >= MOST_CHECKS:
        return None
    began = min(published_at or first_seen_at, first_seen_at)
    still_since = max(began, last_changed_at or began)
    age = max(now - still_since, timedelta())
    wait = min(max(age, FIRST_WAIT), LONGEST_WAIT)
    return now + wait if age + wait <= AT_REST else None
