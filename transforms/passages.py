"""Passages: the runs of text two articles share, as character spans of both.

All pairs of a call are aligned together, in arrays. Every shingle both articles of a pair have is
a point (place in A, place in B); points one behind the other on one diagonal make a run. Where
runs cover neither line from end to end, the two lines are compared again by pairs of words, which
finds what an editor left standing around the changes. Runs that follow one another closely, in
order, on one line of each article make a passage. A heading or a row of a table is a passage only of two
copies, where both have the whole line, word for word. See `reuse` for the theory and the evidence.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter

import numpy as np
from numpy.typing import NDArray

from transforms.fingerprint import SHINGLE_WORDS, shingle
from transforms.furniture import hash_lines
from transforms.records import ComparisonText, Passage, PassageKind
from transforms.shared_runs import Runs, find_equal, find_runs, ranges
from transforms.text import Tokens, tokenise
from transforms.words import I64, U64, WORD_WEIGHT, mix

MIN_MATCHED_WORDS = 6
"""A passage has at least so many content words in common; stock phrases have fewer."""
MIN_WHOLE_LINE_WORDS = 5
"""Enough where the passage is the whole line on both sides: a stock phrase is a part of one."""
NAME_WEIGHT = 0.5
"""What a word with a capital counts for where a passage is a part of a line: two heads of state with their
titles are seven words in a row that everyone has."""
MAX_GAP = 4
"""Two runs are one passage when at most so many content words lie between them, on either side."""
MIN_DENSITY = 0.5
"""The share of the content words of the longer span that a passage must match."""

Pair = tuple[str, str]

_PAIR_WORDS = 2
_BATCH_TOKENS = 1 << 20  # pairs are taken in groups of this many tokens, to bound memory


@dataclass(frozen=True, slots=True)
class _Prepared:
    """The texts of a call: tokens, shingles with the place of their first token, text numbers."""

    tokens: Tokens
    shingles: U64
    positions: I64
    shingle_bounds: I64
    line_bounds: I64
    number: Mapping[str, int]


def align(
    pairs: Sequence[Pair],
    texts: Mapping[str, ComparisonText],
    copies: Collection[Pair] = frozenset(),
) -> list[Passage]:
    """The passages of every pair, ascending; neither the order of pairs nor that in a pair matters.

    What stands on a line of its site's furniture is part of no passage.

    Args:
        pairs: Pairs of article ids; a pair with an article that is not in `texts` is left out.
        texts: The texts by article id.
        copies: Those of the pairs, ascending each, that run one text: only of these headings count.
    """
    wanted = sorted({(min(a, b), max(a, b)) for a, b in pairs if a != b})
    wanted = [(a, b) for a, b in wanted if a in texts and b in texts]
    found: list[Passage] = []
    # Apart, so that what is found of two articles does not depend on what else is aligned with them.
    for are_copies in (True, False):
        chosen = [pair for pair in wanted if (pair in copies) is are_copies]
        prepared = _prepare(chosen, texts, with_headings=are_copies)
        for group in _groups(chosen, prepared):
            found.extend(_align_group(group, prepared))
    return sorted(found, key=_order)


def _prepare(
    pairs: Iterable[Pair], texts: Mapping[str, ComparisonText], *, with_headings: bool
) -> _Prepared:
    ordered = sorted({article_id for pair in pairs for article_id in pair})
    chosen = [texts[article_id] for article_id in ordered]
    tokens = tokenise(chosen, with_headings=with_headings)
    shingles, positions = shingle(tokens)
    kept = _off_furniture(chosen, tokens)[positions]
    shingles, positions = shingles[kept], positions[kept]
    shared = _shared_by_texts(shingles, positions, tokens.bounds)
    shingles, positions = shingles[shared], positions[shared]
    changes = np.flatnonzero(tokens.lines[1:] != tokens.lines[:-1]) + 1
    return _Prepared(
        tokens=tokens,
        shingles=shingles,
        positions=positions,
        shingle_bounds=np.searchsorted(positions, tokens.bounds),
        line_bounds=np.concatenate([[0], changes, [tokens.lines.size]]),
        number={article_id: i for i, article_id in enumerate(ordered)},
    )


def _off_furniture(texts: Sequence[ComparisonText], tokens: Tokens) -> NDArray[np.bool_]:
    """Which tokens stand on a line that is no furniture of its site."""
    kept = np.ones(tokens.hashes.size, dtype=np.bool_)
    if not any(text.furniture for text in texts):
        return kept
    lines = hash_lines(tokens)
    for i, text in enumerate(texts):
        if text.furniture:
            own = slice(tokens.bounds[i], tokens.bounds[i + 1])
            left_out = np.fromiter(text.furniture, dtype=np.uint64)
            kept[own] = ~np.isin(lines.hashes[lines.of_token[own]], left_out)
    return kept


def _shared_by_texts(shingles: U64, positions: I64, bounds: I64) -> NDArray[np.bool_]:
    """Which shingles stand in two texts at least: the others cannot be a point of any pair.

    Most pairs share a stock phrase and no more, so this leaves little to compare.
    """
    text = np.searchsorted(bounds, positions, side="right") - 1
    order = np.argsort(shingles, kind="stable")  # equal shingles in the order of their texts
    value, owner = shingles[order], text[order]
    first = np.flatnonzero(np.append(value[:1] == value[:1], value[1:] != value[:-1]))
    last = np.append(first, value.size)[1:] - 1
    shared = np.empty(value.size, dtype=np.bool_)
    shared[order] = np.repeat(owner[first] != owner[last], last - first + 1)
    return shared


def _groups(pairs: Sequence[Pair], prepared: _Prepared) -> Iterator[Sequence[Pair]]:
    sizes = np.diff(prepared.tokens.bounds).tolist()
    first, total = 0, 0
    for i, (a, b) in enumerate(pairs):
        total += sizes[prepared.number[a]] + sizes[prepared.number[b]]
        if total >= _BATCH_TOKENS:
            yield pairs[first : i + 1]
            first, total = i + 1, 0
    if first < len(pairs):
        yield pairs[first:]


def _align_group(pairs: Sequence[Pair], prepared: _Prepared) -> list[Passage]:
    texts = np.array([[prepared.number[a], prepared.number[b]] for a, b in pairs])
    low, high = prepared.shingle_bounds[:-1][texts], prepared.shingle_bounds[1:][texts]
    unit, left, right = find_equal(prepared.shingles, low, high)
    places = prepared.positions
    runs = find_runs(unit, places[left], places[right], SHINGLE_WORDS, prepared.tokens)
    lines, runs = _refine(runs, prepared)
    # Two lines that have fewer words in common than any passage, as most, are not looked at further.
    matched = np.bincount(runs.unit, weights=runs.length)
    runs = runs.only(matched[runs.unit] >= min(MIN_MATCHED_WORDS, MIN_WHOLE_LINE_WORDS))
    # Most pairs of lines share one run: these are decided in arrays, the others run by run.
    is_single = np.bincount(runs.unit)[runs.unit] == 1
    single = _worthy_runs(runs.only(is_single), prepared.tokens)
    chains = _chain(lines, runs.only(~is_single), prepared.tokens)
    return [
        *_records_of_runs(pairs, lines[single.unit].tolist(), single, prepared.tokens),
        *_records(pairs, chains, prepared.tokens),
    ]


def _refine(runs: Runs, prepared: _Prepared) -> tuple[I64, Runs]:
    """The pair of each pair of lines, and the runs by pair of lines, compared again where useful.

    A pair of lines is compared again, by pairs of words, when no run covers a line of it whole.
    """
    tokens, edges = prepared.tokens, prepared.line_bounds
    line_a = np.searchsorted(edges, runs.a, side="right") - 1
    line_b = np.searchsorted(edges, runs.b, side="right") - 1
    keys, unit = np.unique(np.stack([runs.unit, line_a, line_b]), axis=1, return_inverse=True)
    unit = unit.reshape(-1)
    by_line = Runs(unit, runs.a, runs.b, runs.length)
    whole = (runs.length == edges[line_a + 1] - edges[line_a]) | (
        runs.length == edges[line_b + 1] - edges[line_b]
    )
    settled = np.zeros(keys.shape[1], dtype=np.bool_)
    settled[unit[whole]] = True
    again = np.flatnonzero(~settled)
    if again.size == 0:
        return keys[0], by_line
    lines = keys[1:, again].T
    doubles = tokens.hashes[:-1] * np.uint64(0x9E3779B97F4A7C15) + tokens.hashes[1:]
    low, high = edges[lines], edges[lines + 1] - (_PAIR_WORDS - 1)
    some, a, b = find_equal(mix(doubles), low, high)
    finer = find_runs(again[some], a, b, _PAIR_WORDS, tokens)
    old = by_line.only(settled[unit])
    return keys[0], Runs(
        np.append(old.unit, finer.unit),
        np.append(old.a, finer.a),
        np.append(old.b, finer.b),
        np.append(old.length, finer.length),
    )


Chain = list[tuple[int, int, int]]  # runs in order: first token in A, first token in B, length


def _worthy_runs(runs: Runs, tokens: Tokens) -> Runs:
    """Those of these runs that are passages, each the only one of its pair of lines; as `_worthy`."""
    a, b, length = runs.a, runs.b, runs.length
    opens = np.append(True, tokens.lines[1:] != tokens.lines[:-1])
    opens = np.append(opens, True)  # one more, for the end of the last line
    is_whole = opens[a] & opens[a + length] & opens[b] & opens[b + length]
    whole, part = _running_weights(tokens)
    is_long = np.where(
        is_whole,
        whole[a + length] - whole[a] >= MIN_WHOLE_LINE_WORDS * WORD_WEIGHT,
        part[a + length] - part[a] >= MIN_MATCHED_WORDS * WORD_WEIGHT,
    )
    is_heading = tokens.is_heading[a] | tokens.is_heading[b]
    return runs.only((length >= SHINGLE_WORDS) & is_long & (~is_heading | is_whole))


def _running_weights(tokens: Tokens) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The weights of all tokens before each place: of whole lines, and of parts, where names count less."""
    weights = tokens.weights.astype(np.float64)
    part = np.where(tokens.is_capital, weights * NAME_WEIGHT, weights)
    return np.append(0, np.cumsum(weights)), np.append(0, np.cumsum(part))


def _records_of_runs(
    pairs: Sequence[Pair], numbers: Sequence[int], runs: Runs, tokens: Tokens
) -> Iterator[Passage]:
    """The passages of single runs; the numbers are those of their pairs."""
    if not numbers:
        return
    a, b, length = runs.a, runs.b, runs.length
    weight = np.append(0, np.cumsum(tokens.weights, dtype=np.int64))
    last = length - 1
    # What was left out before the first word is no part of the passage.
    equal = tokens.surfaces[ranges(a + 1, last)] == tokens.surfaces[ranges(b + 1, last)]
    is_same = np.logical_and.reduceat(equal, np.cumsum(last) - last)
    columns = (
        tokens.starts[a],
        tokens.ends[a + last],
        tokens.starts[b],
        tokens.ends[b + last],
        (weight[a + length] - weight[a]) // WORD_WEIGHT,
        is_same,
    )
    kinds = {True: PassageKind.VERBATIM, False: PassageKind.EDITED}
    rows = zip(numbers, *(column.tolist() for column in columns), strict=True)
    for number, a_start, a_end, b_start, b_end, words, same in rows:
        first, second = pairs[number]
        yield Passage(first, a_start, a_end, second, b_start, b_end, words, kinds[same])


def _chain(pair_of: I64, runs: Runs, tokens: Tokens) -> Iterator[tuple[int, Chain]]:
    """Runs to passages: the pair number and the runs of each passage that is long enough."""
    order = np.lexsort((runs.b, runs.a, runs.unit))
    weights = _running_weights(tokens)
    rows = zip(
        runs.unit[order].tolist(),
        runs.a[order].tolist(),
        runs.b[order].tolist(),
        runs.length[order].tolist(),
        strict=True,
    )
    pairs = pair_of.tolist()
    for unit, own in groupby(rows, key=itemgetter(0)):
        for chain in _worthy(_connect(own), weights, tokens):
            yield pairs[unit], chain


def _connect(rows: Iterable[tuple[int, int, int, int]]) -> list[Chain]:
    """The runs of one pair of lines, in the order of A, as chains with small gaps."""
    going: list[Chain] = []
    ended: list[Chain] = []
    for _, a, b, length in rows:
        if len(going) > 1:
            # A chain that ends too far behind cannot go on.
            reach = a - MAX_GAP
            ended += [c for c in going if c[-1][0] + c[-1][2] < reach]
            going = [c for c in going if c[-1][0] + c[-1][2] >= reach]
        for chain in reversed(going):
            last_a, last_b, last = chain[-1]
            gap_a, gap_b = a - last_a - last, b - last_b - last
            overlap = max(-gap_a, -gap_b, 0)
            if gap_a <= MAX_GAP and gap_b <= MAX_GAP and b > last_b and length > overlap:
                chain.append((a + overlap, b + overlap, length - overlap))
                break
        else:
            going.append([(a, b, length)])
    return ended + going


def _worthy(
    chains: Iterable[Chain],
    weights: tuple[NDArray[np.float64], NDArray[np.float64]],
    tokens: Tokens,
) -> Iterator[Chain]:
    """The chains that are passages: with an anchor, long and dense enough, none inside another; and
    whole and unchanged where they are a heading.
    """
    lines = tokens.lines
    kept: list[tuple[int, int, int, int]] = []
    ranked = sorted(chains, key=lambda chain: (-sum(run[2] for run in chain), chain))
    for chain in ranked:
        if max(run[2] for run in chain) < SHINGLE_WORDS:
            continue
        first_a, first_b, _ = chain[0]
        last_a, last_b, length = chain[-1]
        last_a, last_b = last_a + length, last_b + length
        matched = sum(run[2] for run in chain)
        if matched < MIN_DENSITY * max(last_a - first_a, last_b - first_b):
            continue
        whole = _is_line(first_a, last_a, lines) and _is_line(first_b, last_b, lines)
        is_heading = tokens.is_heading[first_a] or tokens.is_heading[first_b]
        if is_heading and not (whole and len(chain) == 1):
            continue
        weight = weights[0] if whole else weights[1]
        words = sum(float(weight[a + n] - weight[a]) for a, _, n in chain)
        if words < (MIN_WHOLE_LINE_WORDS if whole else MIN_MATCHED_WORDS) * WORD_WEIGHT:
            continue
        span = (first_a, last_a, first_b, last_b)
        if any(_inside(span, other) for other in kept):
            continue
        kept.append(span)
        yield chain


def _is_line(first: int, last: int, lines: I64) -> bool:
    """Whether these tokens are all those of a line."""
    opens = first == 0 or lines[first - 1] != lines[first]
    return bool(opens and (last == lines.size or lines[last] != lines[last - 1]))


def _inside(span: tuple[int, int, int, int], other: tuple[int, int, int, int]) -> bool:
    return (
        other[0] <= span[0] and span[1] <= other[1] and other[2] <= span[2] and span[3] <= other[3]
    )


def _records(
    pairs: Sequence[Pair], passages: Iterable[tuple[int, Chain]], tokens: Tokens
) -> list[Passage]:
    records = []
    for number, chain in passages:
        first_a, first_b, _ = chain[0]
        last_a, last_b, length = chain[-1]
        words = sum(int(tokens.weights[a : a + n].sum()) for a, _, n in chain) // WORD_WEIGHT
        same = len(chain) == 1 and np.array_equal(
            tokens.surfaces[first_a + 1 : first_a + length],
            tokens.surfaces[first_b + 1 : first_b + length],
        )
        records.append(
            Passage(
                article_a=pairs[number][0],
                a_start=int(tokens.starts[first_a]),
                a_end=int(tokens.ends[last_a + length - 1]),
                article_b=pairs[number][1],
                b_start=int(tokens.starts[first_b]),
                b_end=int(tokens.ends[last_b + length - 1]),
                matched_words=words,
                kind=PassageKind.VERBATIM if same else PassageKind.EDITED,
            )
        )
    return records


def _order(passage: Passage) -> tuple[str, str, int, int, int, int]:
    return (
        passage.article_a,
        passage.article_b,
        passage.a_start,
        passage.b_start,
        passage.a_end,
        passage.b_end,
    )
