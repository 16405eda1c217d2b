"""Words of an array of code points: where they are, and hashes that are equal for equal words.

The hash of a word is the difference of two entries of one running polynomial sum over the array,
multiplied back by the inverse power of its place (Karp and Rabin, "Efficient randomized
pattern-matching algorithms", IBM Journal of Research and Development 31(2), 1987).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from transforms.characters import (
    CASED,
    DIGIT,
    HYPHEN,
    IDEOGRAPH,
    POINT,
    SPECIAL,
    SYLLABIC,
    WORD,
    CharacterTables,
    scramble,
)
from transforms.stopwords import ENGLISH, ENGLISH_MARKERS

U64 = NDArray[np.uint64]
I64 = NDArray[np.int64]
Mask = NDArray[np.bool_]

WORD_WEIGHT = 4
"""What a whole word weighs, in quarter words; a Han character half of it, a Thai one a quarter."""

FUNCTION_WORD, MARKER = 1, 2
"""Flags of a word: an English function word, and one that is frequent in English alone."""

_BASE = 0xD1342543DE82EF95  # odd, so that it has an inverse modulo 2**64
_SHORT_WORD = 3
_IDEOGRAPH_REACH, _SYLLABIC_REACH = 3, 5
_IDEOGRAPH_WEIGHT, _SYLLABIC_WEIGHT = 2, 1
_LAST_OF_FIRST_PAGE = 255
_SLOT_SHIFT = 51
_D, _E, _G, _I, _N, _S, _U = (np.uint64(ord(letter)) for letter in "deginsu")


def mix(values: U64) -> U64:
    """Each 64-bit value with its bits well mixed: the finaliser of splitmix64, as `scramble`."""
    mixed = values ^ (values >> np.uint64(30))
    mixed *= np.uint64(0xBF58476D1CE4E5B9)
    mixed ^= mixed >> np.uint64(27)
    mixed *= np.uint64(0x94D049BB133111EB)
    mixed ^= mixed >> np.uint64(31)
    return mixed


@cache
def _tables() -> CharacterTables:
    return CharacterTables()


@cache
def _powers(length: int) -> tuple[U64, U64]:
    """The powers 0 to `length - 1` of the base modulo 2**64, and of its inverse."""
    factors = np.full(length, _BASE, dtype=np.uint64)
    factors[0] = 1
    powers = np.cumprod(factors)
    factors[1:] = pow(_BASE, -1, 1 << 64)
    return powers, np.cumprod(factors)


def _word_hash(word: str) -> int:
    """The hash of a word as the batch path computes it, one character at a time."""
    total = sum(ord(c) * pow(_BASE, i, 1 << 64) for i, c in enumerate(word))
    return int(mix(np.array([total % (1 << 64)], dtype=np.uint64))[0])


@cache
def _function_words() -> tuple[U64, NDArray[np.uint8], np.uint64]:
    """English function words as a hash table without collisions: (slots, flags, multiplier)."""
    hashes = {
        _word_hash(word): FUNCTION_WORD + MARKER * (word in ENGLISH_MARKERS) for word in ENGLISH
    }
    for attempt in range(1, 1000):
        multiplier = scramble(attempt) | 1
        slots = [(h * multiplier % (1 << 64)) >> _SLOT_SHIFT for h in hashes]
        if len(set(slots)) == len(slots):
            break
    table = np.zeros(1 << (64 - _SLOT_SHIFT), dtype=np.uint64)
    flags = np.zeros(table.size, dtype=np.uint8)
    table[slots] = np.array(list(hashes), dtype=np.uint64)
    flags[slots] = list(hashes.values())
    return table, flags, np.uint64(multiplier)


def _flag_function_words(hashes: U64) -> NDArray[np.uint8]:
    table, flags, multiplier = _function_words()
    slots = (hashes * multiplier) >> np.uint64(_SLOT_SHIFT)
    return np.where(table[slots] == hashes, flags[slots], 0).astype(np.uint8)


@dataclass(frozen=True, slots=True)
class Characters:
    """Folded characters (0: no part of a word), class bits, and places in the layout.

    `origin` is None where nothing was left out or expanded: the places are the same.
    """

    folded: U64
    bits: NDArray[np.uint8]
    origin: I64 | None


def fold_all(code_points: NDArray[np.uint32]) -> Characters:
    """The folded characters of a text; the first and last code point must not be word characters."""
    tables = _tables()
    low = bytearray(code_points.astype(np.uint8))
    bits = np.frombuffer(low.translate(tables.first_bits), dtype=np.uint8)
    folded = np.frombuffer(low.translate(tables.first_folded), dtype=np.uint8).astype(np.uint64)
    high = np.flatnonzero(code_points > _LAST_OF_FIRST_PAGE)
    if high.size:
        rare = code_points[high]
        tables.cover(rare)
        bits[high] = tables.bits[rare]
        folded[high] = tables.folded[rare]
    special = np.flatnonzero(bits & SPECIAL)
    if special.size == 0:
        return Characters(folded, bits, None)
    # Leave out what is transparent, expand what folds to several.
    several = [tables.expansions.get(c) for c in code_points[special].tolist()]
    lengths = np.ones(code_points.size, dtype=np.int64)
    lengths[special] = [0 if letters is None else letters.size for letters in several]
    origin = np.repeat(np.arange(code_points.size), lengths)
    ends = np.cumsum(lengths)
    folded, bits = folded[origin], bits[origin]
    for place, letters in zip(special.tolist(), several, strict=True):
        if letters is not None:
            folded[ends[place] - letters.size : ends[place]] = letters
    return Characters(folded, bits, origin)


def _find_joiners(characters: Characters) -> I64:
    """The places of hyphens and points that stand inside one word."""
    bits = characters.bits
    at = np.flatnonzero(bits & (HYPHEN | POINT))
    both, own = bits[at - 1] & bits[at + 1], bits[at]
    joins = ((both & WORD) != 0) & (((own & HYPHEN) != 0) | ((both & DIGIT) != 0))
    # "U.S.": a point between single letters, each behind a break or another point.
    points = np.flatnonzero(((both & CASED) != 0) & ((own & POINT) != 0))
    place = at[points]
    joins[points] = ((bits[place - 2] | bits[np.minimum(place + 2, bits.size - 1)]) & WORD) == 0
    joined: I64 = at[joins]
    return joined


@dataclass(frozen=True, slots=True)
class _Runs:
    """Runs of word characters: their places, how far the hash looks, their weight.

    `continues` marks a run that a joiner ties to the one before.
    """

    starts: I64
    ends: I64
    hash_ends: I64
    weights: NDArray[np.uint8]
    continues: Mask


def _find_runs(characters: Characters) -> _Runs:
    bits, is_word = characters.bits, characters.folded != 0
    borders = is_word[1:] != is_word[:-1]
    kind = bits & (IDEOGRAPH | SYLLABIC)
    if not kind.any():
        edges = np.flatnonzero(borders) + 1
        starts, ends = edges[::2], edges[1::2]
        hash_ends = ends
        weights = np.full(starts.size, WORD_WEIGHT, dtype=np.uint8)
    else:
        # A new token begins at each character of these scripts, and behind it.
        alone = kind != 0
        borders |= alone[1:] | alone[:-1]
        starts = np.flatnonzero(borders & is_word[1:]) + 1
        ends = np.flatnonzero(borders & is_word[:-1]) + 1
        own = kind[starts]
        changes = np.append(np.flatnonzero(kind[1:] != kind[:-1]) + 1, bits.size)
        kind_ends = changes[np.searchsorted(changes, starts, side="right")]
        reach = np.where(own == IDEOGRAPH, _IDEOGRAPH_REACH, _SYLLABIC_REACH)
        hash_ends = np.where(own == 0, ends, np.minimum(starts + reach, kind_ends))
        weights = np.where(own == IDEOGRAPH, _IDEOGRAPH_WEIGHT, _SYLLABIC_WEIGHT).astype(np.uint8)
        weights[own == 0] = WORD_WEIGHT
    continues = np.zeros(starts.size, dtype=np.bool_)
    continues[np.searchsorted(starts, _find_joiners(characters) + 1)] = True
    return _Runs(starts, ends, hash_ends, weights, continues)


@dataclass(frozen=True, slots=True)
class Words:
    """The words of a group: places, hash, stem's hash, flags, weight, whether it is a short word of
    a script with capitals, whether it begins with a letter of one, its first character folded, and
    whether it begins with a digit.
    """

    first: I64
    ends: I64
    hashes: U64
    stems: U64
    flags: NDArray[np.uint8]
    weights: NDArray[np.uint8]
    is_short: Mask
    is_cased: Mask
    heads: U64
    is_number: Mask


def find_words(characters: Characters) -> Words:
    """The words of folded characters, in order."""
    runs = _find_runs(characters)
    size = characters.folded.size
    powers, inverses = _powers(1 << size.bit_length())
    sums = np.empty(size + 1, dtype=np.uint64)
    sums[0] = 0
    np.cumsum(characters.folded * powers[:size], out=sums[1:])
    before, scale = sums[runs.starts], inverses[runs.starts]
    raw = (sums[runs.hash_ends] - before) * scale
    stem_ends, changed = _find_stems(characters.folded, runs)
    stems = raw.copy()
    stems[changed] = (sums[stem_ends] - before[changed]) * scale[changed]

    ends = runs.ends
    heads = np.flatnonzero(~runs.continues)
    if heads.size != runs.starts.size:
        # Parts of one word follow one another without the joiners: add each at its power.
        tails = np.append(heads[1:], runs.starts.size) - 1
        lengths = runs.ends - runs.starts
        total = np.cumsum(lengths)
        ahead = total - lengths
        word = np.cumsum(~runs.continues) - 1
        shift = powers[ahead - ahead[heads][word]]
        last_part = np.zeros(raw.size, dtype=np.bool_)
        last_part[tails] = True
        stems = np.add.reduceat(np.where(last_part, stems, raw) * shift, heads)
        raw = np.add.reduceat(raw * shift, heads)
        ends = runs.ends[tails]
    starts = runs.starts[heads]
    hashes = mix(raw)
    is_cased = (characters.bits[starts] & CASED) != 0
    return Words(
        first=starts,
        ends=ends,
        hashes=hashes,
        stems=mix(stems),
        flags=_flag_function_words(hashes),
        weights=runs.weights[heads],
        is_short=is_cased & (ends - starts <= _SHORT_WORD),
        is_cased=is_cased,
        heads=characters.folded[starts],
        is_number=(characters.bits[starts] & DIGIT) != 0,
    )


def _find_stems(folded: U64, runs: _Runs) -> tuple[I64, I64]:
    """Where words end without their English endings -s, -ed, -ing and -e, and which words have one.

    Only so much that "attacks", "attacked" and "attacking" are one word; "virus", "press" and
    "crisis" keep their s.
    """
    last = folded[runs.ends - 1]
    chosen = np.flatnonzero(
        ((last == _E) | (last == _S) | (last == _D) | (last == _G))
        & (runs.ends - runs.starts > _SHORT_WORD)
    )
    ends, last = runs.ends[chosen], last[chosen]
    length = ends - runs.starts[chosen]
    second, third = folded[ends - 2], folded[ends - 3]
    stem = ends - ((last == _S) & (second != _S) & (second != _U) & (second != _I))
    stem -= 2 * ((last == _D) & (second == _E) & (length > _SHORT_WORD + 1))
    stem -= 3 * ((last == _G) & (second == _N) & (third == _I) & (length > _SHORT_WORD + 2))
    stem -= (folded[stem - 1] == _E) & (stem - runs.starts[chosen] > _SHORT_WORD)
    changed = stem != ends
    return stem[changed], chosen[changed]
