"""Fingerprints: what of a text is kept to find its copies and to compare it exactly.

Sets of 64-bit values for each text, functions of that text alone: the shingles (every four content
words in a row on one line), 42 bands of a MinHash signature over them, the seeds (every six in a
row, the least that a passage has), and the lines.
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
    seeds, seed_places = shingle(tokens, SEED_WORDS)
    seed_lines = lines.hashes[lines.of_token[seed_places]]
    owners = np.searchsorted(tokens.bounds, seed_places, side="right") - 1
    order = np.lexsort((seed_lines, seeds, owners))
    seeds, seed_lines, owners = seeds[order], seed_lines[order], owners[order]
    first = np.append(owners[:1] >= 0, (seeds[1:] != seeds[:-1]) | (owners[1:] != owners[:-1]))
    seeds, seed_lines, owners = seeds[first], seed_lines[first], owners[first]
    seed_bounds = np.searchsorted(owners, np.arange(len(texts) + 1))
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
