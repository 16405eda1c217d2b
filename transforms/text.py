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

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from transforms.characters import (
    CASED,
    DIGIT,
    HYPHEN,
    IDEOGRAPH,
    POINT,
    SYLLABIC,
    SPECIAL,
    WORD,
    CharacterTables,
    scramble,
)
from transforms.records import ComparisonText
from transforms.stopwords import ENGLISH, ENGLISH_MARKERS

U64 = NDArray[np.uint64]
I64 = NDArray[np.int64]
Mask = NDArray[np.bool_]

_CHUNK_CHARACTERS = 1 << 16  # texts are taken in groups of this size: the arrays stay in the cache
_BASE = 0xD1342543DE82EF95  # odd, so that it has an inverse modulo 2**64
_ENGLISH_SHARE = 0.10  # English prose has .25 to .40 of the marker words, other languages < .04
_SHORT_WORD = 3
_IDEOGRAPH_REACH = 3
_SYLLABIC_REACH = 5
_WORD_WEIGHT, _IDEOGRAPH_WEIGHT, _SYLLABIC_WEIGHT = 4, 2, 1
_LAST_OF_FIRST_PAGE = 255
_LINE_END = ord("\n")
_SLOT_SHIFT = 51
_D, _E, _G, _I, _N, _S, _U = (np.uint64(ord(letter)) for letter in "deginsu")

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
    total = sum(ord(c) * pow(_BASE, i, 1 << 64) for i, c in enumerate(word))
    return int(mix(np.array([total % (1 << 64)], dtype=np.uint64))[0])


@cache
def _function_words() -> tuple[U64, NDArray[np.uint8], np.uint64]:
    """English function words as a hash table without collisions: (slots, flags, multiplier).

    Flag 1 is a function word, flag 2 one that also marks a text as English.
    """
    hashes = {_word_hash(word): 1 + 2 * (word in ENGLISH_MARKERS) for word in ENGLISH}
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
    spans = np.fromiter(
        chain.from_iterable(chain.from_iterable(text.prose for text in texts)), dtype=np.int64
    ).reshape(-1, 2)
    pieces = [text.body[start:end] for text in texts for start, end in text.prose]
    # The array begins and ends with a line end, so that every other character has neighbours.
    joined = "\n".join(["", *pieces, ""])
    if not pieces:
        joined = "\n\n"
    sizes = np.fromiter(map(len, pieces), dtype=np.int64, count=len(pieces))
    starts = np.cumsum(sizes + 1) - sizes
    first_piece = np.cumsum([0, *(len(text.prose) for text in texts)])[:-1]
    return _Layout(
        code_points=np.frombuffer(joined.encode("utf-32-le", "surrogatepass"), dtype=np.uint32),
        piece_starts=starts,
        piece_shifts=spans[:, 0] - starts,
        text_starts=np.append(starts, len(joined))[first_piece],
    )


@dataclass(frozen=True, slots=True)
class _Characters:
    """Folded characters (0: no part of a word), class bits, and places in the layout.

    `origin` is None where nothing was left out or expanded: the places are the same.
    """

    folded: U64
    bits: NDArray[np.uint8]
    origin: I64 | None


def _fold(code_points: NDArray[np.uint32]) -> _Characters:
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
        return _Characters(folded, bits, None)
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
    return _Characters(folded, bits, origin)


def _find_joiners(characters: _Characters) -> I64:
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


def _find_runs(characters: _Characters) -> _Runs:
    bits, is_word = characters.bits, characters.folded != 0
    borders = is_word[1:] != is_word[:-1]
    kind = bits & (IDEOGRAPH | SYLLABIC)
    if not kind.any():
        edges = np.flatnonzero(borders) + 1
        starts, ends = edges[::2], edges[1::2]
        hash_ends = ends
        weights = np.full(starts.size, _WORD_WEIGHT, dtype=np.uint8)
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
        weights[own == 0] = _WORD_WEIGHT
    continues = np.zeros(starts.size, dtype=np.bool_)
    continues[np.searchsorted(starts, _find_joiners(characters) + 1)] = True
    return _Runs(starts, ends, hash_ends, weights, continues)


@dataclass(frozen=True, slots=True)
class _Words:
    """The words of a group: places, hash, stem's hash, flags, weight, and whether
    it is a short word of a script with capitals.
    """

    first: I64
    ends: I64
    hashes: U64
    stems: U64
    flags: NDArray[np.uint8]
    weights: NDArray[np.uint8]
    is_short: Mask


def _find_words(characters: _Characters) -> _Words:
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
    return _Words(
        first=starts,
        ends=ends,
        hashes=hashes,
        stems=mix(stems),
        flags=_flag_function_words(hashes),
        weights=runs.weights[heads],
        is_short=((characters.bits[starts] & CASED) != 0) & (ends - starts <= _SHORT_WORD),
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


def _tokenise_group(texts: Sequence[ComparisonText]) -> Tokens:
    layout = _lay_out(texts)
    characters = _fold(layout.code_points)
    words = _find_words(characters)
    first, end = words.first, words.ends
    if characters.origin is not None:
        # A word ends behind the invisible characters that follow it: an accent is not cut off.
        origin = characters.origin
        first, end = origin[first], np.maximum(origin[end], origin[end - 1] + 1)
    line_ends = np.flatnonzero(layout.code_points == _LINE_END)
    lines = np.repeat(np.arange(line_ends.size), _counts(first, line_ends))
    shifts = np.repeat(layout.piece_shifts, _counts(first, layout.piece_starts))
    bounds = np.append(np.searchsorted(first, layout.text_starts), first.size)

    shares = _shares(words.flags > 1, words.weights == _WORD_WEIGHT, bounds)
    english = np.repeat(shares >= _ENGLISH_SHARE, np.diff(bounds))
    content = ~np.where(english, words.flags > 0, words.is_short)
    kept = np.flatnonzero(content)
    return Tokens(
        hashes=np.where(english, words.stems, words.hashes)[kept],
        surfaces=np.diff(np.cumsum(words.hashes)[kept], prepend=np.uint64(0)),
        starts=(first + shifts)[kept],
        ends=(end + shifts)[kept],
        lines=lines[kept],
        weights=words.weights[kept],
        bounds=np.searchsorted(kept, bounds),
    )


def _counts(places: I64, starts: I64) -> I64:
    """How many of the ascending `places` lie from each start to the next; none before the first."""
    found: I64 = np.diff(np.append(np.searchsorted(places, starts), places.size))
    return found


def _shares(marked: Mask, counted: Mask, bounds: I64) -> NDArray[np.float64]:
    """For each text the share of its counted tokens that are marked; 0 where none is counted."""
    of = np.append(0, np.cumsum(counted))[bounds]
    hits = np.append(0, np.cumsum(marked & counted))[bounds]
    share: NDArray[np.float64] = np.diff(hits) / np.maximum(np.diff(of), 1)
    return share
