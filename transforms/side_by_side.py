"""Two texts side by side: rows of lines that belong together, cut into pieces that are marked.

Lines are paired by the passages that join them and by being equal; of these pairs the longest chain
that is in order on both sides is kept (a longest increasing subsequence, after M. L. Fredman, "On
computing the length of longest increasing subsequences", Discrete Mathematics 11(1), 1975), and what
lies between two pairs of the chain is set beside each other in order.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise, zip_longest

from transforms.edits import Span


@dataclass(frozen=True, slots=True)
class Shared:
    """A passage of the two texts: a span in each, and whether its words were edited."""

    left: Span
    right: Span
    is_edited: bool


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of one line under the same marks.

    `passage` is the number, from 1, of the passage it stands in, 0 for none; `opens` are those that
    begin with it.
    """

    text: str
    passage: int
    is_edited: bool
    is_changed: bool
    opens: tuple[int, ...]


Line = tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """A line of each text; an empty one where the other stands alone."""

    left: Line
    right: Line


def rows(
    texts: tuple[str, str],
    shared: Sequence[Shared],
    changed: tuple[Sequence[Span], Sequence[Span]],
) -> list[Row]:
    """The rows of two texts.

    Args:
        texts: The left and the right text, one paragraph a line. Empty lines are left out.
        shared: Their passages, numbered as they come; each lies on one line of each text at least
            in part, and parts outside the texts are left out.
        changed: The changed spans of either, ascending and disjoint.
    """
    left = _Side(texts[0], [each.left for each in shared], shared, changed[0])
    right = _Side(texts[1], [each.right for each in shared], shared, changed[1])
    found = []
    before = (0, 0)
    for here in [*_chain(_partners(left, right, shared)), (len(left.lines), len(right.lines))]:
        between = zip_longest(range(before[0], here[0]), range(before[1], here[1]))
        found += [_row(left, right, *places) for places in between]
        if here[0] < len(left.lines):
            found.append(_row(left, right, *here))
        before = (here[0] + 1, here[1] + 1)
    return [row for row in found if row.left or row.right]


class _Side:
    """One text, its lines with where they begin, and its marks."""

    def __init__(
        self, text: str, spans: list[Span], shared: Sequence[Shared], changed: Sequence[Span]
    ) -> None:
        self.lines = text.split("\n")
        self.begins = [0]
        for line in self.lines[:-1]:
            self.begins.append(self.begins[-1] + len(line) + 1)
        self.length = len(text)
        self.spans = spans
        self.edited = [each.is_edited for each in shared]
        self.changed = changed
        edges = {edge for span in (*spans, *changed) for edge in span}
        self.edges = sorted(edges | {0, self.length})

    def line_of(self, place: int) -> int:
        """The number of the line that holds a character."""
        return bisect_right(self.begins, place) - 1

    def pieces(self, number: int) -> Line:
        """The pieces of a line; none for a blank one."""
        line, begins = self.lines[number], self.begins[number]
        if not line.strip():
            return ()
        ends = begins + len(line)
        inner = self.edges[bisect_right(self.edges, begins) : bisect_left(self.edges, ends)]
        cuts = [begins, *inner, ends]
        near = [n for n, span in enumerate(self.spans) if span[0] < ends and span[1] > begins]
        return tuple(
            self._piece(line[low - begins : high - begins], low, near)
            for low, high in pairwise(cuts)
        )

    def _piece(self, text: str, begins: int, near: Sequence[int]) -> Piece:
        holding = [n for n in near if self.spans[n][0] <= begins < self.spans[n][1]]
        behind = bisect_right(self.changed, (begins, self.length))
        return Piece(
            text=text,
            passage=holding[0] + 1 if holding else 0,
            is_edited=bool(holding) and self.edited[holding[0]],
            is_changed=behind > 0 and begins < self.changed[behind - 1][1],
            opens=tuple(n + 1 for n in holding if self.spans[n][0] == begins),
        )


def _row(left: _Side, right: _Side, left_line: int | None, right_line: int | None) -> Row:
    return Row(
        () if left_line is None else left.pieces(left_line),
        () if right_line is None else right.pieces(right_line),
    )


def _partners(left: _Side, right: _Side, shared: Iterable[Shared]) -> Iterator[tuple[int, int]]:
    """For each line of the left text at most one of the right, the one it shares most with."""
    weight: dict[tuple[int, int], int] = {}
    for each in shared:
        if each.left[0] < left.length and each.right[0] < right.length:
            pair = left.line_of(each.left[0]), right.line_of(each.right[0])
            weight[pair] = weight.get(pair, 0) + each.left[1] - each.left[0]
    where = {line: number for number, line in enumerate(right.lines) if line.strip()}
    for number, line in enumerate(left.lines):
        if line in where:
            pair = number, where[line]
            weight[pair] = weight.get(pair, 0) + len(line)
    best: dict[int, tuple[int, int]] = {}
    for (mine, other), size in sorted(weight.items()):
        best[mine] = max(best.get(mine, (0, 0)), (size, -other))
    yield from ((mine, -other) for mine, (_, other) in sorted(best.items()))


def _chain(pairs: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """The longest chain of pairs that ascends on both sides; the left numbers ascend and differ."""
    tails: list[int] = []
    last: list[tuple[int, int, int]] = []
    seen: list[tuple[int, int, int]] = []
    for mine, other in pairs:
        place = bisect_left(tails, other)
        previous = last[place - 1][2] if place else -1
        entry = (mine, other, len(seen))
        seen.append((mine, other, previous))
        tails[place : place + 1] = [other]
        last[place : place + 1] = [entry]
    chain = []
    at = last[-1][2] if last else -1
    while at >= 0:
        mine, other, at = seen[at]
        chain.append((mine, other))
    return chain[::-1]
