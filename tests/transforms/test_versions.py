"""The versions of an article depend on its captures, not on the order in which they came."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from itertools import groupby, pairwise

from hypothesis import given
from hypothesis import strategies as st

from transforms.versions import Sighting, in_order, versions

_START = datetime(2026, 7, 14, tzinfo=UTC)


def _sighting(hours: int, text: str, page_id: str = "p", headline: str = "h") -> Sighting:
    return Sighting(_START + timedelta(hours=hours), page_id, headline, text, text)


_SIGHTINGS = st.lists(
    st.builds(
        _sighting,
        st.integers(0, 5),
        st.sampled_from(["one", "two", "three"]),
        st.sampled_from(["p", "q", "r"]),
    ),
    max_size=8,
    unique_by=lambda sighting: (sighting.fetched_at, sighting.page_id),
)


@given(_SIGHTINGS, st.randoms(use_true_random=False))
def test_the_order_of_captures_is_irrelevant(
    sightings: list[Sighting], chance: random.Random
) -> None:
    """A capture that arrives late takes its place."""
    shuffled = sightings.copy()
    chance.shuffle(shuffled)

    assert versions(shuffled) == versions(sightings)
    assert in_order(shuffled) == in_order(sightings)


@given(_SIGHTINGS)
def test_a_version_begins_where_the_text_changes(sightings: list[Sighting]) -> None:
    """Numbered from 1, neighbours differ, and each names its first capture."""
    found = versions(sightings)

    runs = [list(run) for _, run in groupby(in_order(sightings), lambda s: s.body_sha256)]
    assert [version.first for version in found] == [run[0] for run in runs]
    assert [version.version_no for version in found] == list(range(1, len(runs) + 1))
    assert all(a.first.body_sha256 != b.first.body_sha256 for a, b in pairwise(found))


@given(_SIGHTINGS)
def test_seeing_a_capture_again_changes_nothing(sightings: list[Sighting]) -> None:
    """Twice is once, and the first captures alone show the same versions."""
    found = versions(sightings)

    assert versions([*sightings, *sightings]) == found
    assert versions(version.first for version in found) == found


def test_a_text_that_comes_back_is_a_version_of_its_own() -> None:
    """An edit that is taken back happened all the same."""
    seen = [_sighting(1, "one"), _sighting(2, "two"), _sighting(3, "one")]

    assert [version.first.body_sha256 for version in versions(seen)] == ["one", "two", "one"]


def test_a_new_headline_alone_is_no_version() -> None:
    """Only a change of text is one; the first headline stays with it."""
    seen = [_sighting(1, "one", headline="Old"), _sighting(2, "one", headline="New")]

    assert [version.first.headline for version in versions(seen)] == ["Old"]


def test_nothing_seen_is_no_version() -> None:
    """An article without captures has no text."""
    assert versions([]) == []
