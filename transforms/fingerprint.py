"""Fingerprints: what of a text is kept to find its copies and to compare it exactly.

Sets of 64-bit values for each text, functions of that text alone: the shingles (every four content
words in a row on one line), 42 bands of a MinHash signature over them, the seeds (of any two runs of
six that begin one word apart the lesser: whatever seven words share is found), and the lines.
See `reuse` for the theory and for the evidence behind each constant.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from rensa import RMinHash

from transforms.furniture import hash_lines
from transforms.records import ComparisonText
from transforms.text import Tokens, tokenise
from transforms.words import I64, U64, mix

NORM_VERSION = 3
"""Goes up whenever any hash of any text changes, or a rule by which stored comparisons were made:
fingerprints of two versions never compare, and articles of a former one are compared again."""

SHINGLE_WORDS = 4
SEED_WORDS = 6
SEED_WINDOW = 2
BANDS = 42
BAND_ROWS = 3
_SEED = 20211223
_MULTIPLIER = np.uint64(0x9E3779B97F4A7C15)


@dataclass(frozen=True, slots=True, eq=False)
class Fingerprint:
    """The comparison values of one text.

    `shingles` is ascending and unique, `bands` has 42 values (none for a text without shingles),
    `lines` is ascending and unique: the lines of five words or more (`furniture`). `seeds` is
    ascending and unique, and `seed_lines` has the line of each, the least where there are several.
    """

    article_id: str
    shingles: U64
    bands: U64
    seeds: U64
    seed_lines: U64
    lines: U64


def fingerprint(texts: Sequence[ComparisonText]) -> list[Fingerprint]:
    """The fingerprint of every text, in the order of `texts`.

    A text with no line of four content words has no shingles, bands and seeds.
    """
    tokens = tokenise(texts)
    lines = hash_lines(tokens)
    line_bounds = np.append(lines.of_token, lines.hashes.size)[tokens.bounds]
    hashes, line_bounds = _unique_within(lines.hashes, line_bounds)
    seeds, seed_places = _winnowed(*shingle(tokens, SEED_WORDS))
    seed_lines = lines.hashes[lines.of_token[seed_places]]
    seed_bounds = np.searchsorted(seed_places, tokens.bounds)
    order = np.empty(seeds.size, dtype=np.int64)
    for start, end in pairwise(seed_bounds.tolist()):
        order[start:end] = np.argsort(seeds[start:end])
        order[start:end] += start
    seeds, first, seed_bounds = _without_repeats(seeds[order], seed_bounds)
    if first.size:
        seed_lines = np.minimum.reduceat(seed_lines[order], first)
    shingles, positions = shingle(tokens)
    shingles, bounds = _unique_within(shingles, np.searchsorted(positions, tokens.bounds))
    bands = _bands(shingles, bounds)
    result = []
    for i, text in enumerate(texts):
        own = shingles[bounds[i] : bounds[i + 1]]
        sown = slice(seed_bounds[i], seed_bounds[i + 1])
        told = hashes[line_bounds[i] : line_bounds[i + 1]]
        result.append(
            Fingerprint(
                article_id=text.article_id,
                shingles=own,
                bands=bands[i] if own.size else bands[i, :0],
                seeds=seeds[sown],
                seed_lines=seed_lines[sown],
                lines=told[1:] if told.size and not told[0] else told,
            )
        )
    return result


def shingle(tokens: Tokens, words: int = SHINGLE_WORDS) -> tuple[U64, I64]:
    """Every run of so many tokens on one line: its hash, and the index of its first token."""
    last = tokens.hashes.size - words + 1
    if last <= 0:
        return np.empty(0, dtype=np.uint64), np.empty(0, dtype=np.int64)
    lines = tokens.lines
    positions = np.flatnonzero(lines[:last] == lines[words - 1 :])
    combined = tokens.hashes[positions]
    for step in range(1, words):
        combined *= _MULTIPLIER
        combined += tokens.hashes[positions + step]
    return mix(combined), positions


def _winnowed(hashes: U64, places: I64) -> tuple[U64, I64]:
    """Of every SEED_WINDOW runs that begin one word apart the least, and of fewer on a line the least.

    Two texts that share so many runs in a row share one of what is left (Schleimer, Wilkerson and
    Aiken, "Winnowing", SIGMOD 2003).
    """
    number = np.arange(hashes.size)
    opens = np.ones(hashes.size, dtype=np.bool_)
    opens[1:] = np.diff(places) != 1
    starts = np.flatnonzero(opens)
    ends = np.append(starts, hashes.size)[1:]
    line_end = np.repeat(ends, ends - starts)
    least = number.copy()
    for step in range(1, SEED_WINDOW):
        other = np.minimum(number + step, line_end - 1)
        least = np.where(hashes[other] < hashes[least], other, least)
    is_window = opens | (number + SEED_WINDOW <= line_end)
    kept = np.zeros(hashes.size, dtype=np.bool_)
    kept[least[is_window]] = True
    return hashes[kept], places[kept]


def _unique_within(values: U64, bounds: I64) -> tuple[U64, I64]:
    """Each text's values ascending and without repeats, and the new bounds."""
    values = values.copy()
    for start, end in pairwise(bounds.tolist()):
        values[start:end].sort()
    values, _, bounds = _without_repeats(values, bounds)
    return values, bounds


def _without_repeats(values: U64, bounds: I64) -> tuple[U64, I64, I64]:
    """Of values that ascend in each text each once, the places where they stood first, the new bounds."""
    fresh = np.ones(values.size, dtype=np.bool_)
    fresh[1:] = values[1:] != values[:-1]
    fresh[bounds[bounds < values.size]] = True
    first = np.flatnonzero(fresh)
    return values[first], first, np.searchsorted(first, bounds)


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
