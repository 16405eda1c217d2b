"""Which articles run the same text: the theory, and the decision for a pair.

(The theory is written out once the figures stand.)
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

import numpy as np

from transforms.records import Match, MatchKind
from transforms.words import U64

WINDOW_DAYS = 7
COPY_OVERLAP = 0.40
EXCERPT_CONTAINMENT = 0.5
MIN_SHARED_SHINGLES = 6


def within_window(published_a: datetime | None, published_b: datetime | None) -> bool:
    """Whether two publication times lie close enough to compare; an unknown one always does."""
    if published_a is None or published_b is None:
        return True
    return abs(published_a - published_b) <= timedelta(days=WINDOW_DAYS)


def match_pairs(pairs: Sequence[tuple[str, str]], shingles: Mapping[str, U64]) -> list[Match]:
    """The pairs that are near-duplicates or excerpts, ascending; the others are left out.

    Args:
        pairs: Candidate pairs of article ids, in any order, repeats allowed.
        shingles: For each article its ascending, unique shingles. A pair with an article that is
            not here is left out.
    """
    wanted = sorted({(min(a, b), max(a, b)) for a, b in pairs if a != b})
    wanted = [(a, b) for a, b in wanted if a in shingles and b in shingles]
    matches = []
    for (a, b), shared in zip(wanted, _shared(wanted, shingles), strict=True):
        match = _decide(a, b, shingles[a].size, shingles[b].size, shared)
        if match is not None:
            matches.append(match)
    return matches


def _shared(pairs: Sequence[tuple[str, str]], shingles: Mapping[str, U64]) -> list[int]:
    """For each pair how many shingles both articles have."""
    counts = []
    for a, b in pairs:
        few, many = shingles[a], shingles[b]
        if few.size > many.size:
            few, many = many, few
        if few.size == 0:
            counts.append(0)
            continue
        met = many.take(many.searchsorted(few), mode="clip")
        counts.append(int(np.count_nonzero(met == few)))
    return counts


def _decide(a: str, b: str, size_a: int, size_b: int, shared: int) -> Match | None:
    if shared < MIN_SHARED_SHINGLES:
        return None
    if shared / max(size_a, size_b) >= COPY_OVERLAP:
        kind = MatchKind.NEAR_DUPLICATE
    elif shared / min(size_a, size_b) >= EXCERPT_CONTAINMENT:
        kind = MatchKind.EXCERPT
    else:
        return None
    return Match(
        article_a=a,
        article_b=b,
        resemblance=shared / (size_a + size_b - shared),
        containment_a=shared / size_a,
        containment_b=shared / size_b,
        kind=kind,
    )
