"""The signal of a text that credits nobody and runs what an agency's own copy runs.

Only copies that are the agency's by a credit of their own count, never those attributed by overlap:
the signal does not chain. How much of the article must stand in such a copy is measured in
`benchmarks/results/overlap.md`, and decided in `docs/decisions/0012-overlap-evidence.md`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from transforms.records import AgencyEvidence, Level, MatchKind

SIGNAL = "overlap"

OWNER_CONTAINMENT = 0.5
"""Of an article by an agency at least this share stands in its copy; of less, a part is its own."""


@dataclass(frozen=True, slots=True)
class Overlap:
    """A match of an article that credits nobody with a copy an agency owns.

    `containment` is the share of the article's shingles that the copy has, 0 to 1.
    """

    article_id: str
    agency_id: str
    copy_id: str
    containment: float
    kind: MatchKind


def overlap_evidence(overlaps: Iterable[Overlap]) -> dict[str, AgencyEvidence]:
    """The evidence of each article, by article id: one row, for the copy that holds most of it.

    A near-duplicate attributes, and an excerpt where the article is the part: an article that merely
    holds a text much shorter than itself may quote what both quote. Of two copies that hold as much,
    the one with the lesser agency and article id counts, so that the order of input is irrelevant.
    """
    best: dict[str, Overlap] = {}
    for one in overlaps:
        if one.kind is MatchKind.EXCERPT and one.containment < OWNER_CONTAINMENT:
            continue
        seen = best.get(one.article_id)
        if seen is None or _rank(one) < _rank(seen):
            best[one.article_id] = one
    return {article_id: _evidence(one) for article_id, one in best.items()}


def _rank(one: Overlap) -> tuple[float, str, str]:
    return (-one.containment, one.agency_id, one.copy_id)


def _evidence(one: Overlap) -> AgencyEvidence:
    level = Level.OWNER if one.containment >= OWNER_CONTAINMENT else Level.SHARED
    text = f"{one.containment:.0%} of it is in article {one.copy_id}"
    return AgencyEvidence(one.agency_id, SIGNAL, level, text)
