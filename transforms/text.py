"""Texts to content words, a whole batch at a time: token hashes and exact character offsets.

All texts of a batch are laid out as one array of code points; every step is an operation on that
array, so no Python code runs for each word. The hash of a word is the difference of two entries of
one running polynomial sum, multiplied back by the inverse power of its place, so that equal words
have equal hashes wherever they stand (Karp and Rabin, "Efficient randomized pattern-matching
algorithms", IBM Journal 31(2), 1987).

A token is a maximal run of letters, digits and marks (see `characters`). Hyphens inside a word,
soft hyphens and the points of numbers and initials join what they stand between: "build-up" is
"buildup", "U.S." is "us", "14,000" is "14000". Han and kana characters are tokens by themselves,
hashed with the two that follow; Thai, Lao, Khmer and Burmese characters with the four that follow.

English text loses its function words and plural endings. Whether a text is English is decided by
the share of English function words in that text alone, never by its language tag: two outlets tag
the same words differently. In other languages written with capitals (Latin, Greek, Cyrillic),
words of up to three letters are left out, which removes most articles and prepositions without a
list; in every other script each word counts.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
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
    SYLLABIC,
    TRANSPARENT,
    WORD,
    CharacterTables,
    scramble,
)
from transforms.records import ComparisonText
from transforms.stopwords import ENGLISH, ENGLISH_MARKERS

U64 = NDArray[np.uint64]
I64 = NDArray[np.int64]
Mask = NDArray[np.bool_]

_CHUNK_CHARACTERS = 1 << 18  # texts are taken in groups of this size: the arrays stay in the cache
_BASE = 0xD1342543DE82EF95  # odd, so that it has an inverse modulo 2**64
_ENGLISH_SHARE = 0.10  # English prose has .25 to .40 of the marker words, other languages < .04
_SHORT_WORD = 3
_IDEOGRAPH_REACH = 3
_SYLLABIC_REACH = 5
_WORD_WEIGHT, _IDEOGRAPH_WEIGHT, _SYLLABIC_WEIGHT = 4, 2, 1
_FULL_STOP = ord(".")
_LAST_ASCII = 127
_LINE_END = ord("\n")

WEIGHT_UNIT = _WORD_WEIGHT
"""What a whole word weighs in `Tokens.weights`; a Han character half, a Thai character a quarter."""


@dataclass(frozen=True, slots=True)
class Tokens:
    """The content tokens of a batch of texts, in reading order; arrays of equal length.

    `starts` and `ends` are code points, half-open, in the `body` of the token's text. `lines`
    ascends over the whole batch and changes at every line end and every border of a prose span.
    `weights` is in quarter words. `surfaces` tells what `hashes` hides: equal for two tokens when
    the words are the same with their endings and with the words left out just before them. The
    tokens of text `i` are `bounds[i]:bounds[i + 1]`.
    """

    hashes: U64
    surfaces: U64
    starts: I64
    ends: I64
    lines: I64
    weights: NDArray[np.uint8]
    bounds: I64


def tokenise(texts: Sequence[ComparisonText]) -> Tokens:
    """The content tokens of every text's prose, in the order of `texts`.

    The tokens of a text depend on that text alone, not on its neighbours in the batch.
    """
    parts = [_tokenise_group(group) for group in _groups(texts)]
    if len(parts) == 1:
        return parts[0]
    bounds = np.zeros(len(texts) + 1, dtype=np.int64)
    np.cumsum([n for part in parts for n in np.diff(part.bounds).tolist()], out=bounds[1:])
    lines, first_line = [np.empty(0, dtype=np.int64)], 0
    for part in parts:
        if part.lines.size:
            lines.append(part.lines + first_line)
            first_line = int(lines[-1][-1]) + 1
    return Tokens(
        hashes=np.concatenate([np.empty(0, dtype=np.uint64), *(p.hashes for p in parts)]),
        surfaces=np.concatenate([np.empty(0, dtype=np.uint64), *(p.surfaces for p in parts)]),
        starts=np.concatenate([np.empty(0, dtype=np.int64), *(p.starts for p in parts)]),
        ends=np.concatenate([np.empty(0, dtype=np.int64), *(p.ends for p in parts)]),
        lines=np.concatenate(lines),
        weights=np.concatenate([np.empty(0, dtype=np.uint8), *(p.weights for p in parts)]),
        bounds=bounds,
    )


def mix(values: U64) -> U64:
    """Each 64-bit value with its bits well mixed: the finaliser of splitmix64, as `scramble`."""
    mixed = values ^ (values >> np.uint64(30))
    mixed *= np.uint64(0xBF58476D1CE4E5B9)
    mixed ^= mixed >> np.uint64(27)
    mixed *= np.uint64(0x94D049BB133111EB)
    mixed ^= mixed >> np.uint64(31)
    return mixed


def _groups(texts: Sequence[ComparisonText]) -> Iterator[Sequence[ComparisonText]]:
    first, characters = 0, 0
    for index, text in enumerate(texts):
        characters += len(text.body)
        if characters >= _CHUNK_CHARACTERS:
            yield texts[first : index + 1]
            first, characters = index + 1, 0
    if first < len(texts):
        yield texts[first:]


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
    total = sum(scramble(ord(c)) * pow(_BASE, i, 1 << 64) for i, c in enumerate(word))
    return int(mix(np.array([total % (1 << 64)], dtype=np.uint64))[0])


class _WordSet:
    """A fixed set of word hashes: a table of 2**16 bits in front of a binary search."""

    def __init__(self, words: Iterable[str]) -> None:
        self._hashes = np.array(sorted(_word_hash(word) for word in words), dtype=np.uint64)
        self._table = np.zeros(1 << 16, dtype=np.bool_)
        self._table[self._hashes >> np.uint64(48)] = True

    def holds(self, hashes: U64) -> Mask:
        """For each hash whether it is in the set."""
        held = self._table[hashes >> np.uint64(48)]
        likely = np.flatnonzero(held)
        place = np.searchsorted(self._hashes, hashes[likely])
        place[place == self._hashes.size] = 0
        held[likely] = self._hashes[place] == hashes[likely]
        return held


@cache
def _english() -> tuple[_WordSet, _WordSet]:
    return _WordSet(ENGLISH), _WordSet(ENGLISH_MARKERS)


@dataclass(frozen=True, slots=True)
class _Layout:
    """A group of texts as one array of code points: every prose span between two line ends.

    `piece_starts` are the places of the spans in the array, `piece_shifts` what to add to such a
    place to have the offset in the body, `text_starts` the place of each text's first span.
    """

    code_points: NDArray[np.uint32]
    piece_starts: I64
    piece_shifts: I64
    text_starts: I64


def _lay_out(texts: Sequence[ComparisonText]) -> _Layout:
    pieces: list[str] = [""]
    starts, shifts, text_starts = [], [], []
    place = 1
    for text in texts:
        body = text.body
        text_starts.append(place)
        for start, end in text.prose:
            piece = body[start:end]
            pieces.append(piece)
            starts.append(place)
            shifts.append(start - place)
            place += len(piece) + 1
    pieces.append("")
    joined = "\n".join(pieces)
    return _Layout(
        code_points=np.frombuffer(joined.encode("utf-32-le", "surrogatepass"), dtype=np.uint32),
        piece_starts=np.array(starts, dtype=np.int64),
        piece_shifts=np.array(shifts, dtype=np.int64),
        text_starts=np.array(text_starts, dtype=np.int64),
    )


def _joiners(bits: NDArray[np.uint8], code_points: NDArray[np.uint32]) -> I64:
    """The places of the characters to be taken out so that what they stand between is one word.

    The first and last characters are line ends, so that every joiner has two neighbours.
    """
    at = np.flatnonzero(bits & (HYPHEN | POINT | TRANSPARENT))
    before, after, own = bits[at - 1], bits[at + 1], bits[at]
    word_both = (before & after & WORD) != 0
    joins = ((own & TRANSPARENT) != 0) | (((own & HYPHEN) != 0) & word_both)
    points = ((own & POINT) != 0) & word_both
    joins |= points & ((before & after & DIGIT) != 0)
    # "U.S.": a full stop between single letters, each behind a break or another full stop.
    stops = np.flatnonzero(points & (code_points[at] == _FULL_STOP) & ~joins)
    place = at[stops]
    single_before = (bits[place - 2] & WORD) == 0
    single_after = (bits[np.minimum(place + 2, bits.size - 1)] & WORD) == 0
    joins[stops] = single_before & single_after & (((before | after)[stops] & DIGIT) == 0)
    return at[joins]


def _tokenise_group(texts: Sequence[ComparisonText]) -> Tokens:
    tables = _tables()
    layout = _lay_out(texts)
    code_points, origin = layout.code_points, None
    if int(code_points.max()) > _LAST_ASCII:
        tables.cover(code_points)
        code_points, origin = tables.expand(code_points)
    bits = tables.bits[code_points]
    removed = _joiners(bits, code_points)
    kept = np.ones(code_points.size, dtype=np.bool_)
    kept[removed] = False
    code_points, bits = code_points[kept], bits[kept]
    runs = _find_runs(bits)
    words = _hash_runs(tables.value[code_points], runs)

    # From places in the array without joiners back to places in the layout.
    removed -= np.arange(removed.size)
    first = runs.starts + np.searchsorted(removed, runs.starts, side="right")
    last = runs.ends - 1
    last += np.searchsorted(removed, last, side="right")
    if origin is not None:
        first, last = origin[first], origin[last]
    line_ends = np.flatnonzero(layout.code_points == _LINE_END)
    lines = np.repeat(np.arange(line_ends.size), _counts(first, line_ends))
    shifts = np.repeat(layout.piece_shifts, _counts(first, layout.piece_starts))
    bounds = np.append(np.searchsorted(first, layout.text_starts), first.size)

    sizes = np.diff(bounds)
    spaced = runs.weights == _WORD_WEIGHT
    english = np.repeat(_shares(words.is_marker, spaced, bounds) >= _ENGLISH_SHARE, sizes)
    is_short = ((bits[runs.starts] & CASED) != 0) & (runs.ends - runs.starts <= _SHORT_WORD)
    content = ~np.where(english, words.is_function_word, is_short)
    places = np.append(0, np.cumsum(content))
    return Tokens(
        hashes=np.where(english, words.stems, words.hashes)[content],
        surfaces=np.diff(np.cumsum(words.hashes)[content], prepend=np.uint64(0)),
        starts=(first + shifts)[content],
        ends=(last + 1 + shifts)[content],
        lines=lines[content],
        weights=runs.weights[content],
        bounds=places[bounds],
    )


def _counts(places: I64, starts: I64) -> I64:
    """How many of the ascending `places` lie from each start to the next; none before the first."""
    return np.diff(np.append(np.searchsorted(places, starts), places.size))


def _shares(marked: Mask, counted: Mask, bounds: I64) -> NDArray[np.float64]:
    """For each text the share of its counted tokens that are marked; 0 where none is counted."""
    of = np.append(0, np.cumsum(counted))[bounds]
    hits = np.append(0, np.cumsum(marked & counted))[bounds]
    return np.diff(hits) / np.maximum(np.diff(of), 1)


@dataclass(frozen=True, slots=True)
class _Runs:
    """The tokens of an array of class bits: their places, how far the hash looks, their weight."""

    starts: I64
    ends: I64
    hash_ends: I64
    weights: NDArray[np.uint8]


def _find_runs(bits: NDArray[np.uint8]) -> _Runs:
    is_word = (bits & WORD) != 0
    edges = np.flatnonzero(is_word[1:] != is_word[:-1]) + 1
    starts, ends = edges[::2], edges[1::2]
    if not (bits & (IDEOGRAPH | SYLLABIC)).any():
        weights = np.full(starts.size, _WORD_WEIGHT, dtype=np.uint8)
        return _Runs(starts, ends, ends, weights)
    # A new token begins at each character of these scripts, and behind it.
    kind = bits & (IDEOGRAPH | SYLLABIC)
    alone = kind != 0
    cut = is_word[1:] != is_word[:-1]
    cut |= alone[1:] | alone[:-1]
    starts = np.flatnonzero(np.append(False, cut) & is_word)
    ends = np.flatnonzero(np.append(cut, False) & is_word) + 1
    own = kind[starts]
    changes = np.flatnonzero(kind[1:] != kind[:-1]) + 1
    kind_ends = np.append(changes, bits.size)[np.searchsorted(changes, starts, side="right")]
    reach = np.where(own == IDEOGRAPH, _IDEOGRAPH_REACH, _SYLLABIC_REACH)
    hash_ends = np.where(own == 0, ends, np.minimum(starts + reach, kind_ends))
    weights = np.full(starts.size, _WORD_WEIGHT, dtype=np.uint8)
    weights[own == IDEOGRAPH] = _IDEOGRAPH_WEIGHT
    weights[own == SYLLABIC] = _SYLLABIC_WEIGHT
    return _Runs(starts, ends, hash_ends, weights)


@dataclass(frozen=True, slots=True)
class _Words:
    """For each token its hash, its hash without a plural ending, and what English has of it."""

    hashes: U64
    stems: U64
    is_function_word: Mask
    is_marker: Mask


def _hash_runs(values: U64, runs: _Runs) -> _Words:
    powers, inverses = _powers(1 << (values.size - 1).bit_length())
    sums = np.empty(values.size + 1, dtype=np.uint64)
    sums[0] = 0
    np.cumsum(values * powers[: values.size], out=sums[1:])
    before, scale = sums[runs.starts], inverses[runs.starts]
    hashes = mix((sums[runs.hash_ends] - before) * scale)
    function_words, markers = _english()
    stem_ends = _stem_ends(values, runs.starts, runs.ends)
    changed = np.flatnonzero((stem_ends != runs.ends) & (runs.weights == _WORD_WEIGHT))
    stems = hashes.copy()
    stems[changed] = mix((sums[stem_ends[changed]] - before[changed]) * scale[changed])
    return _Words(hashes, stems, function_words.holds(hashes), markers.holds(hashes))


def _letter(character: str) -> np.uint64:
    return np.uint64(scramble(ord(character)))


def _stem_ends(values: U64, starts: I64, ends: I64) -> I64:
    """Where each word ends without its English endings -s, -ed, -ing and -e.

    Only so much that "attacks", "attacked" and "attacking" are one word; "virus", "press" and
    "crisis" keep their s.
    """
    stem = ends.copy()
    last = values[ends - 1]
    plural = np.flatnonzero((last == _letter("s")) & (ends - starts > _SHORT_WORD))
    ahead = values[ends[plural] - 2]
    plural = plural[(ahead != _letter("s")) & (ahead != _letter("u")) & (ahead != _letter("i"))]
    stem[plural] -= 1
    past = np.flatnonzero((last == _letter("d")) & (ends - starts > _SHORT_WORD + 1))
    past = past[values[ends[past] - 2] == _letter("e")]
    stem[past] -= 2
    present = np.flatnonzero((last == _letter("g")) & (ends - starts > _SHORT_WORD + 2))
    present = present[
        (values[ends[present] - 2] == _letter("n")) & (values[ends[present] - 3] == _letter("i"))
    ]
    stem[present] -= 3
    silent = np.flatnonzero(stem - starts > _SHORT_WORD)
    silent = silent[values[stem[silent] - 1] == _letter("e")]
    stem[silent] -= 1
    return stem
