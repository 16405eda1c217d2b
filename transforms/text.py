"""Texts to content words, a whole batch at a time: token hashes and exact character offsets.

All texts of a batch are laid out as one array of code points; every step is an operation on that
array, so no Python code runs for each word (see `words`).

A token is a maximal run of letters, digits and marks (see `characters`). Hyphens inside a word,
soft hyphens and the points of numbers and initials join what they stand between: "build-up" is
"buildup", "U.S." is "us", "14,000" is "14000". Han and kana characters are tokens by themselves,
hashed with the two that follow; Thai, Lao, Khmer and Burmese characters with the four that follow.

English text loses its function words and the endings -s, -ed, -ing and -e. Whether a text is
English is decided by the share of English function words in that text alone, never by its language
tag: two outlets tag the same words differently. In other languages written with capitals (Latin,
Greek, Cyrillic), words of up to three letters are left out, which removes most articles and
prepositions without a list; in every other script each word counts.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from transforms.records import ComparisonText
from transforms.words import I64, MARKER, U64, WORD_WEIGHT, Mask, find_words, fold_all

_CHUNK_CHARACTERS = 1 << 16  # texts are taken in groups of this size: the arrays stay in the cache
_ENGLISH_SHARE = 0.06  # of marker words: .18 to .30 in English prose, below .04 in other languages
_SHOUTED_SHARE = 0.6
"""Of words with a capital in mid-sentence. Of 884 real English articles 98 of 100 have .03 to .50, a German
feed .27; what is set in capitals has nearly all."""
_LINE_END = ord("\n")
_OPENINGS = np.array([ord(mark) for mark in "\n\"'“„‘«»(["], dtype=np.uint32)
_SENTENCE_ENDS = np.array([ord(mark) for mark in ".!?:;…\"'”’»)—–-"], dtype=np.uint32)


@dataclass(frozen=True, slots=True)
class Tokens:
    """The content tokens of a batch of texts, in reading order; arrays of equal length.

    `starts` and `ends` are code points, half-open, in the `body` of the token's text. `lines`
    ascends over the whole batch and changes at every line end and every border of a prose span.
    `weights` is in quarter words. `is_number` says which tokens begin with a digit, `is_capital` which
    with a capital letter in mid-sentence, `is_heading` which stand in a heading. `surfaces` tells what
    `hashes` hides: equal for two tokens when the words are the same with their endings and with the
    words left out just before them. The tokens of text `i` are `bounds[i]:bounds[i + 1]`.
    """

    hashes: U64
    surfaces: U64
    starts: I64
    ends: I64
    lines: I64
    weights: NDArray[np.uint8]
    is_number: Mask
    is_capital: Mask
    is_heading: Mask
    bounds: I64


def tokenise(texts: Sequence[ComparisonText], *, with_headings: bool = False) -> Tokens:
    """The content tokens of every text's prose, in the order of `texts`; with its headings if wanted.

    The tokens of a text depend on that text alone, not on its neighbours in the batch, and those of
    its prose on its prose alone.
    """
    parts = [_tokenise_group(group, with_headings=with_headings) for group in _groups(texts)]
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
        is_number=np.concatenate([np.empty(0, dtype=np.bool_), *(p.is_number for p in parts)]),
        is_capital=np.concatenate([np.empty(0, dtype=np.bool_), *(p.is_capital for p in parts)]),
        is_heading=np.concatenate([np.empty(0, dtype=np.bool_), *(p.is_heading for p in parts)]),
        bounds=bounds,
    )


def _groups(texts: Sequence[ComparisonText]) -> Iterator[Sequence[ComparisonText]]:
    first, characters = 0, 0
    for index, text in enumerate(texts):
        characters += len(text.body)
        if characters >= _CHUNK_CHARACTERS:
            yield texts[first : index + 1]
            first, characters = index + 1, 0
    if first < len(texts):
        yield texts[first:]


@dataclass(frozen=True, slots=True)
class _Layout:
    """A group of texts as one array of code points: every prose span between two line ends.

    `piece_starts` are the places of the spans in the array, `piece_shifts` what to add to such a
    place to have the offset in the body, `are_headings` which are headings, `text_starts` the place
    of each text's first span.
    """

    code_points: NDArray[np.uint32]
    piece_starts: I64
    piece_shifts: I64
    are_headings: Mask
    text_starts: I64


def _lay_out(texts: Sequence[ComparisonText], *, with_headings: bool) -> _Layout:
    chosen = [text.prose for text in texts]
    marks: list[bool] = []
    if with_headings and any(text.headings for text in texts):
        chosen = [tuple(sorted((*text.prose, *text.headings))) for text in texts]
        headings = [frozenset(text.headings) for text in texts]
        marks = [span in own for own, of in zip(headings, chosen, strict=True) for span in of]
    spans = np.fromiter(chain.from_iterable(chain.from_iterable(chosen)), np.int64).reshape(-1, 2)
    pieces = [
        text.body[start:end] for text, own in zip(texts, chosen, strict=True) for start, end in own
    ]
    # The array begins and ends with a line end, so that every other character has neighbours.
    joined = "\n".join(["", *pieces, ""])
    if not pieces:
        joined = "\n\n"
    sizes = np.fromiter(map(len, pieces), dtype=np.int64, count=len(pieces))
    starts = np.cumsum(sizes + 1) - sizes
    first_piece = np.cumsum([0, *(len(own) for own in chosen)])[:-1]
    return _Layout(
        code_points=np.frombuffer(joined.encode("utf-32-le", "surrogatepass"), dtype=np.uint32),
        piece_starts=starts,
        piece_shifts=spans[:, 0] - starts,
        are_headings=np.array(marks or [False] * len(pieces), dtype=np.bool_),
        text_starts=np.append(starts, len(joined))[first_piece],
    )


def _tokenise_group(texts: Sequence[ComparisonText], *, with_headings: bool) -> Tokens:
    layout = _lay_out(texts, with_headings=with_headings)
    characters = fold_all(layout.code_points)
    words = find_words(characters)
    first, end = words.first, words.ends
    if characters.origin is not None:
        # A word ends behind the invisible characters that follow it: an accent is not cut off.
        origin = characters.origin
        first, end = origin[first], np.maximum(origin[end], origin[end - 1] + 1)
    line_ends = np.flatnonzero(layout.code_points == _LINE_END)
    lines = np.repeat(np.arange(line_ends.size), _counts(first, line_ends))
    in_piece = _counts(first, layout.piece_starts)
    shifts = np.repeat(layout.piece_shifts, in_piece)
    is_heading = np.repeat(layout.are_headings, in_piece)
    bounds = np.append(np.searchsorted(first, layout.text_starts), first.size)

    counted = (words.weights == WORD_WEIGHT) & ~is_heading
    shares = _shares(words.flags >= MARKER, counted, bounds)
    english = np.repeat(shares >= _ENGLISH_SHARE, np.diff(bounds))
    names = words.is_cased & _are_names(layout.code_points, first, words.heads)
    # Where capitals are the rule they tell no names.
    shouted = _shares(names, words.is_cased & ~is_heading, bounds) >= _SHOUTED_SHARE
    content = ~np.where(english, words.flags > 0, words.is_short)
    kept = np.flatnonzero(content)
    return Tokens(
        hashes=np.where(english, words.stems, words.hashes)[kept],
        surfaces=np.diff(np.cumsum(words.hashes)[kept], prepend=np.uint64(0)),
        starts=(first + shifts)[kept],
        ends=(end + shifts)[kept],
        lines=lines[kept],
        weights=words.weights[kept],
        is_number=words.is_number[kept],
        is_capital=(names & ~np.repeat(shouted, np.diff(bounds)))[kept],
        is_heading=is_heading[kept],
        bounds=np.searchsorted(kept, bounds),
    )


def _are_names(code_points: NDArray[np.uint32], places: I64, folded: U64) -> Mask:
    """Which of these words are capitalised, and not because a line, a sentence or a quotation begins."""
    before, further = code_points[places - 1], code_points[places - 2]
    opens = np.isin(before, _OPENINGS) | ((before == ord(" ")) & np.isin(further, _SENTENCE_ENDS))
    are_names: Mask = (code_points[places] != folded) & ~opens
    return are_names


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
