"""Attribution by overlap: which copy of an agency's text counts, and at which level."""

from __future__ import annotations

from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.credits.overlap import Overlap, overlap_evidence
from transforms.records import Level, MatchKind

NEAR, EXCERPT = MatchKind.NEAR_DUPLICATE, MatchKind.EXCERPT


def overlap(
    containment: float, kind: MatchKind = NEAR, *, agency: str = "mpa", copy: str = "c1"
) -> Overlap:
    """A match of the article "a" with an agency's copy."""
    return Overlap("a", agency, copy, containment, kind)


@pytest.mark.parametrize(
    ("containment", "kind", "level"),
    [
        (1.0, NEAR, Level.OWNER),
        (0.5, NEAR, Level.OWNER),
        (0.49, NEAR, Level.SHARED),
        (0.9, EXCERPT, Level.OWNER),
        (0.39, EXCERPT, None),
    ],
)
def test_the_level_is_how_much_stands_in_the_copy(
    containment: float, kind: MatchKind, level: Level | None
) -> None:
    """Half of the text makes it the agency's; a text that only holds a short one quotes perhaps."""
    found = overlap_evidence([overlap(containment, kind)])
    assert [row.level for row in found.values()] == ([level] if level else [])


def test_the_copy_that_holds_most_counts() -> None:
    """One row, for the best copy; the words say how much stands where."""
    given_rows = [
        overlap(0.7, agency="north", copy="c3"),
        overlap(0.93, copy="c2"),
        overlap(0.93, copy="c1"),
        overlap(0.93, agency="zeta", copy="c0"),
    ]
    for rows in permutations(given_rows):
        (row,) = overlap_evidence(rows).values()
        assert (row.agency_id, row.signal, row.text) == (
            "mpa",
            "overlap",
            "93% of it is in article c1",
        )


@given(
    st.lists(
        st.builds(
            Overlap,
            st.sampled_from("abc"),
            st.sampled_from(["mpa", "north"]),
            st.sampled_from(["c1", "c2"]),
            st.floats(0, 1),
            st.sampled_from(MatchKind),
        ),
        max_size=12,
    )
)
def test_the_order_of_matches_is_irrelevant(rows: list[Overlap]) -> None:
    """The evidence is a function of the set of matches."""
    assert overlap_evidence(rows) == overlap_evidence(reversed(rows)) == overlap_evidence(rows * 2)
