"""Passages: the runs of text two articles share, as character spans of both.

All pairs of a call are aligned together. Every shingle two articles of a pair have in common is a
point (place in A, place in B); points in a row on one diagonal make a run; runs that follow each
other closely on one line of each article make a passage. See `reuse` for the theory.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from transforms.fingerprint import SHINGLE_WORDS, shingle
from transforms.records import ComparisonText, Passage, PassageKind
from transforms.text import I64, WEIGHT_UNIT, Tokens, mix, tokenise

MIN_MATCHED_WORDS = 6
VERBATIM_WORDS = 12
MAX_GAP = 4
_MAX_REPEATS = 8  # a shingle more frequent than this in one article is no anchor


@dataclass(frozen=True, slots=True)
class _Texts:
    """Tokens and shingles of the texts of a call, with the number of each text."""

    tokens: Tokens
    shingles: np.ndarray[tuple[int], np.dtype[np.uint64]]
    positions: I64
    bounds: I64
    number: Mapping[str, int]


def align(pairs: Sequence[tuple[str, str]], texts: Mapping[str, ComparisonText]) -> list[Passage]:
    """The passages of every pair, ascending; neither the order of pairs nor that in a pair matters.

    Args:
        pairs: Pairs of article ids; a pair with an article that is not in `texts` is left out.
        texts: The texts by article id.
    """
    wanted = sorted({(min(a, b), max(a, b)) for a, b in pairs if a != b})
    wanted = [(a, b) for a, b in wanted if a in texts and b in texts]
    if not wanted:
        return []
    prepared = _prepare({article_id for pair in wanted for article_id in pair}, texts)
    numbers = np.array([[prepared.number[a], prepared.number[b]] for a, b in wanted])
    pair, at_a, at_b = _points(numbers, prepared)
    return _chain(wanted, pair, at_a, at_b, prepared.tokens)


def _prepare(ids: set[str], texts: Mapping[str, ComparisonText]) -> _Texts:
    ordered = sorted(ids)
    tokens = tokenise([texts[article_id] for article_id in ordered])
    shingles, positions = shingle(tokens)
    bounds = np.searchsorted(positions, tokens.bounds)
    return _Texts(tokens, shingles, positions, bounds, {a: i for i, a in enumerate(ordered)})


def _ranges(starts: I64, sizes: I64) -> I64:
    """The integers of many ranges one behind the other: each from its start, of its size."""
    total = int(sizes.sum())
    offsets = np.repeat(starts - np.append(0, np.cumsum(sizes)[:-1]), sizes)
    return offsets + np.arange(total)


def _points(numbers: I64, texts: _Texts) -> tuple[I64, I64, I64]:
    """Pair number and token places of every shingle that both sides of a pair have."""
    sizes = np.diff(texts.bounds)
    salts = mix(np.arange(1, len(numbers) + 1, dtype=np.uint64))
    sides = []
    for side in (0, 1):
        of = sizes[numbers[:, side]]
        index = _ranges(texts.bounds[numbers[:, side]], of)
        pair = np.repeat(np.arange(len(numbers)), of)
        keys = texts.shingles[index] ^ salts[pair]
        order = np.argsort(keys, kind="stable")
        sides.append((keys[order], pair[order], texts.positions[index][order]))
    (keys_a, pair_a, place_a), (keys_b, _, place_b) = sides
    low = np.searchsorted(keys_b, keys_a, side="left")
    repeats = np.searchsorted(keys_b, keys_a, side="right") - low
    repeats[repeats > _MAX_REPEATS] = 0
    left = np.repeat(np.arange(keys_a.size), repeats)
    right = _ranges(low, repeats)
    return pair_a[left], place_a[left], place_b[right]


def _chain(
    pairs: Sequence[tuple[str, str]], pair: I64, at_a: I64, at_b: I64, tokens: Tokens
) -> list[Passage]:
    diagonal = at_b - at_a
    order = np.lexsort((at_a, diagonal, pair))
    pair, at_a, at_b, diagonal = pair[order], at_a[order], at_b[order], diagonal[order]
    if pair.size == 0:
        return []
    new = np.ones(pair.size, dtype=np.bool_)
    new[1:] = (
        (pair[1:] != pair[:-1])
        | (diagonal[1:] != diagonal[:-1])
        | (at_a[1:] != at_a[:-1] + 1)
        | (tokens.lines[at_a[1:]] != tokens.lines[at_a[:-1]])
        | (tokens.lines[at_b[1:]] != tokens.lines[at_b[:-1]])
    )
    first = np.flatnonzero(new)
    length = np.diff(np.append(first, pair.size)) + SHINGLE_WORDS - 1
    pair, at_a, at_b = pair[first], at_a[first], at_b[first]
    line_a, line_b = tokens.lines[at_a], tokens.lines[at_b]
    order = np.lexsort((at_b, at_a, line_b, line_a, pair))
    found: list[Passage] = []
    key = None
    chain: list[tuple[int, int, int]] = []
    rows = zip(
        pair[order].tolist(),
        line_a[order].tolist(),
        line_b[order].tolist(),
        at_a[order].tolist(),
        at_b[order].tolist(),
        length[order].tolist(),
        strict=True,
    )
    for number, la, lb, a, b, size in rows:
        if chain:
            end_a, end_b = chain[-1][0] + chain[-1][2], chain[-1][1] + chain[-1][2]
            overlap = max(end_a - a, end_b - b, 0)
            if (
                key == (number, la, lb)
                and a - end_a <= MAX_GAP
                and b - end_b <= MAX_GAP
                and size > overlap
            ):
                chain.append((a + overlap, b + overlap, size - overlap))
                continue
            found.extend(_passage(pairs[key[0]], chain, tokens) if key else [])
        key = (number, la, lb)
        chain = [(a, b, size)]
    if key:
        found.extend(_passage(pairs[key[0]], chain, tokens))
    return sorted(found, key=lambda p: (p.article_a, p.article_b, p.a_start, p.b_start, p.a_end))


def _passage(
    pair: tuple[str, str], chain: list[tuple[int, int, int]], tokens: Tokens
) -> list[Passage]:
    a_first, b_first, _ = chain[0]
    a_last, b_last, size = chain[-1]
    a_last, b_last = a_last + size, b_last + size
    matched = sum(int(tokens.weights[a : a + n].sum()) for a, _, n in chain) // WEIGHT_UNIT
    if matched < MIN_MATCHED_WORDS:
        return []
    whole = len(chain) == 1
    kind = PassageKind.VERBATIM if whole and matched >= VERBATIM_WORDS else PassageKind.EDITED
    return [
        Passage(
            article_a=pair[0],
            a_start=int(tokens.starts[a_first]),
            a_end=int(tokens.ends[a_last - 1]),
            article_b=pair[1],
            b_start=int(tokens.starts[b_first]),
            b_end=int(tokens.ends[b_last - 1]),
            matched_words=matched,
            kind=kind,
        )
    ]
