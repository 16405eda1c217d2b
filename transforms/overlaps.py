"""What every two texts of a component have in common: all pairs at once, from their shingles.

A component is what candidates connect. Inside it the pairs that no band has found count as well, so
they are all computed: the texts as rows of a 0/1 matrix over their shingles, and its product with
its transpose, which holds the shared shingles of every pair. Equal texts are one row: an agency text
that two thousand outlets run word for word costs as much as one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from transforms.reuse import CHANCE_SHINGLES, are_copies
from transforms.words import U64

UNMATCHED_OVERLAP = 0.2
"""What two articles of one component that share little are taken to have in common."""
KNOWN_CONTAINMENT = 0.35
"""From this containment on one side, what two articles share counts as it is."""

_CELLS = 1 << 24
"""Cells of the matrix multiplied at a time: 64 MB."""

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class Overlaps:
    """The texts of a component as groups of equal ones, each ascending, and what they share.

    `smaller` and `larger` are the two containments of each two groups (shape: groups, groups), 0 to
    1; `joined` says which are near-duplicates, never a group with itself.
    """

    groups: list[list[str]]
    smaller: Floats
    larger: Floats
    joined: Bools


def overlaps(members: Sequence[str], shingles: Mapping[str, U64]) -> Overlaps:
    """What every two of these articles share.

    Args:
        members: Article ids, ascending.
        shingles: For each of them its ascending, unique shingles.
    """
    equal: dict[bytes, list[str]] = {}
    for member in members:
        equal.setdefault(shingles[member].tobytes(), []).append(member)
    groups = list(equal.values())
    sets = [shingles[group[0]] for group in groups]
    size = np.array([one.size for one in sets], dtype=np.float64)
    shared = _shared(sets)
    least, most = np.minimum.outer(size, size), np.maximum.outer(size, size)
    beyond_chance = shared - CHANCE_SHINGLES
    joined = are_copies(shared, least, most)
    known = joined | (beyond_chance >= KNOWN_CONTAINMENT * least)
    np.fill_diagonal(joined, val=False)
    return Overlaps(
        groups,
        np.where(known, shared / np.maximum(most, 1), UNMATCHED_OVERLAP),
        np.where(known, shared / np.maximum(least, 1), UNMATCHED_OVERLAP),
        joined,
    )


def _shared(sets: Sequence[U64]) -> Floats:
    """For each two sets how many elements both have; on the diagonal their sizes."""
    count = len(sets)
    rows = np.repeat(np.arange(count), [one.size for one in sets])
    _, places, times = np.unique(np.concatenate(sets), return_inverse=True, return_counts=True)
    # What only one text has is shared with none, and is most of what there is.
    column_of = np.cumsum(times > 1) - 1
    is_common = times[places] > 1
    rows, columns = rows[is_common], column_of[places[is_common]]
    order = columns.argsort(kind="stable")
    rows, columns = rows[order], columns[order]
    shared = np.zeros((count, count), dtype=np.float64)
    total = int(columns[-1]) + 1 if columns.size else 0
    width = min(max(1, _CELLS // count), total)
    for first in range(0, total, max(width, 1)):
        begin, end = columns.searchsorted([first, first + width])
        # Counts are whole numbers far below 2**24: exact in 32 bits.
        cells = np.zeros((count, width), dtype=np.float32)
        cells[rows[begin:end], columns[begin:end] - first] = 1
        shared += cells @ cells.T
    np.fill_diagonal(shared, [one.size for one in sets])
    return shared
