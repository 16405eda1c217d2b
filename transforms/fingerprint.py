"""Fingerprints: what of a text is kept to find its copies and to compare it exactly.

Three sets of 64-bit values for each text, functions of that text alone: the shingles (every four
content words in a row on one line), 42 bands of a MinHash signature over them, and the seeds, a
winnowed sample of the shingles that every common run of seven content words is sure to share.
See `reuse` for the theory and for the evidence behind each constant.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from rensa import RMinHash

from transforms.records import ComparisonText
from transforms.text import Tokens, tokenise
from transforms.words import I64, U64, mix

NORM_VERSION = 1
"""Goes up whenever any hash of any text changes; fingerprints of two versions never compare."""

SHINGLE_WORDS = 4
WINNOW_WINDOW = 4
BANDS = 42
BAND_ROWS = 3
_SEED = 20211223
_MULTIPLIER = np.uint64(0x9E3779B97F4A7C15)


@dataclass(frozen=True)
class Fingerprint:
    """The comparison values of one text.

    `shingles` is ascending and unique, `bands` has 42 values (none for a text without shingles),
    `seeds` is ascending and unique.
    """

    article_id: str
    shingles: U64
    bands: U64
    seeds: U64


def fingerprint(texts: Sequence[ComparisonText]) -> list[Fingerprint]:
    """The fingerprint of every text, in the order of `texts`.

    A text with no line of four content words has three empty arrays.
    """
    tokens = tokenise(texts)
    shingles, positions = shingle(tokens)
    bounds = np.searchsorted(positions, tokens.bounds)
    seeds, seed_bounds = _unique_within(*_winnow(shingles, positions, tokens.lines, bounds))
    shingles, bounds = _unique_within(shingles, bounds)
    bands = _bands(shingles, bounds)
    result = []
    for i, text in enumerate(texts):
        own = shingles[bounds[i] : bounds[i + 1]]
        result.append(
            Fingerprint(
                article_id=text.article_id,
                shingles=own,
                bands=bands[i] if own.size else bands[i, :0],
                seeds=seeds[seed_bounds[i] : seed_bounds[i + 1]],
            )
        )
    return result


def shingle(tokens: Tokens) -> tuple[U64, I64]:
    """Every run of four tokens on one line: its hash, and the index of its first token."""
    last = tokens.hashes.size - SHINGLE_WORDS + 1
    if last <= 0:
        return np.empty(0, dtype=np.uint64), np.empty(0, dtype=np.int64)
    lines = tokens.lines
    positions = np.flatnonzero(lines[:last] == lines[SHINGLE_WORDS - 1 :])
    combined = tokens.hashes[positions]
    for step in range(1, SHINGLE_WORDS):
        combined *= _MULTIPLIER
        combined += tokens.hashes[positions + step]
    return mix(combined), positions


def _winnow(shingles: U64, positions: I64, lines: I64, bounds: I64) -> tuple[U64, I64]:
    """The least shingle of every four successive ones of a line; all of a shorter line's least.

    Source: Schleimer, Wilkerson and Aiken, "Winnowing: local algorithms for document
    fingerprinting", SIGMOD 2003.
    """
    if shingles.size == 0:
        return shingles, bounds
    line = lines[positions]
    least = shingles.copy()
    for step in range(1, WINNOW_WINDOW):
        same = np.flatnonzero(line[:-step] == line[step:]) if step < line.size else np.empty(0, int)
        least[same] = np.minimum(least[same], shingles[same + step])
    # A window begins at each shingle that has three more behind it on its line, or opens its line.
    opens = np.append(True, line[1:] != line[:-1])
    full = np.zeros(line.size, dtype=np.bool_)
    if line.size >= WINNOW_WINDOW:
        full[: -WINNOW_WINDOW + 1] = line[: -WINNOW_WINDOW + 1] == line[WINNOW_WINDOW - 1 :]
    chosen = np.flatnonzero(opens | full)
    return least[chosen], np.searchsorted(chosen, bounds)


def _unique_within(values: U64, bounds: I64) -> tuple[U64, I64]:
    """Each text's values ascending and without repeats, and the new bounds."""
    values = values.copy()
    edges = bounds.tolist()
    for start, end in pairwise(edges):
        values[start:end].sort()
    fresh = np.ones(values.size, dtype=np.bool_)
    fresh[1:] = values[1:] != values[:-1]
    fresh[bounds[bounds < values.size]] = True
    return values[fresh], np.append(0, np.cumsum(fresh))[bounds]


def _bands(shingles: U64, bounds: I64) -> U64:
    """Bands of MinHash signatures: an array (texts, 42), each band three signature values mixed."""
    if shingles.size == 0:
        return np.zeros((bounds.size - 1, BANDS), dtype=np.uint64)
    matrix = RMinHash.digest_matrix_from_flat_token_hashes(
        shingles, bounds.astype(np.uint64), BANDS * BAND_ROWS, _SEED
    )
    signatures = np.array(matrix.to_rows(), dtype=np.uint64).reshape(-1, BANDS, BAND_ROWS)
    combined = np.arange(1, BANDS + 1, dtype=np.uint64) * _MULTIPLIER + signatures[:, :, 0]
    for row in range(1, BAND_ROWS):
        combined = mix(combined) + signatures[:, :, row]
    return mix(combined)
