"""Where two token sequences are equal, for many pairs of them at once: points, and points to runs."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from transforms.text import Tokens
from transforms.words import I64, U64, mix

_MAX_REPEATS = 8  # an expression more frequent than this in one article anchors nothing


@dataclass(frozen=True, slots=True)
class Runs:
    """Equal token runs: the unit (pair or pair of lines), first tokens in A and B, length."""

    unit: I64
    a: I64
    b: I64
    length: I64

    def only(self, chosen: NDArray[np.bool_]) -> Runs:
        """Those of them that are chosen."""
        return Runs(self.unit[chosen], self.a[chosen], self.b[chosen], self.length[chosen])


def ranges(starts: I64, sizes: I64) -> I64:
    """The integers of many ranges one behind the other: each from its start, of its size."""
    ends = np.cumsum(sizes)
    return np.repeat(starts - ends + sizes, sizes) + np.arange(int(ends[-1]) if ends.size else 0)


def find_equal(values: U64, low: I64, high: I64) -> tuple[I64, I64, I64]:
    """Where two ranges of `values` hold equal ones, for many pairs of ranges at once.

    `low` and `high` are arrays (units, 2). The result: the unit, the index in the first range, the
    index in the second. A value with too many equals in one range is left out.
    """
    salts = mix(np.arange(1, len(low) + 1, dtype=np.uint64))
    keys, places, units = [], [], []
    for side in (0, 1):
        sizes = high[:, side] - low[:, side]
        index = ranges(low[:, side], sizes)
        unit = np.repeat(np.arange(len(low)), sizes)
        key = values[index] ^ salts[unit]
        if side == 1:
            order = np.argsort(key)
            key, index = key[order], index[order]
        keys.append(key)
        places.append(index)
        units.append(unit)
    at = np.searchsorted(keys[1], keys[0], side="left")
    at[at == keys[1].size] = 0
    met = np.flatnonzero(keys[1][at] == keys[0]) if keys[1].size else np.empty(0, dtype=np.int64)
    at = at[met]
    repeats = np.searchsorted(keys[1], keys[0][met], side="right") - at
    repeats[repeats > _MAX_REPEATS] = 0
    left = np.repeat(met, repeats)
    return units[0][left], places[0][left], places[1][ranges(at, repeats)]


def find_runs(unit: I64, a: I64, b: I64, words: int, tokens: Tokens) -> Runs:
    """Points to runs: successive points of one unit and diagonal, on one line of each article."""
    diagonal = b - a
    order = np.lexsort((a, diagonal, unit))
    unit, a, b, diagonal = unit[order], a[order], b[order], diagonal[order]
    opens = np.ones(unit.size, dtype=np.bool_)
    opens[1:] = (
        (unit[1:] != unit[:-1])
        | (diagonal[1:] != diagonal[:-1])
        | (a[1:] != a[:-1] + 1)
        | (tokens.lines[a[1:]] != tokens.lines[a[:-1]])
        | (tokens.lines[b[1:]] != tokens.lines[b[:-1]])
    )
    first = np.flatnonzero(opens)
    length = np.diff(np.append(first, unit.size)) + words - 1
    return Runs(unit[first], a[first], b[first], length)
