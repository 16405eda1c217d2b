"""The pairs of articles the report sets side by side, with their passages and edits marked."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from flows.report import bounds
from flows.report.contents import Contents, Pair, Record
from transforms.edits import Span, changed_words
from transforms.side_by_side import Row, Shared, rows

EDITED = "edited"


@dataclass(frozen=True, slots=True)
class Reading:
    """Two articles side by side.

    `rank` is that of their cluster, 0 where they are of two. Of a text longer than the bounds
    `left_shown` or `right_shown` characters stand in the rows. `removed_count` and `added_count` are
    words; `passages_beyond` lie behind what is shown.
    """

    number: int
    left: Record
    right: Record
    rank: int
    rows: list[Row]
    passage_count: int
    edited_count: int
    passages_beyond: int
    removed_count: int
    added_count: int
    left_shown: int
    right_shown: int


@dataclass(frozen=True, slots=True)
class Reader:
    """The pairs that are shown, and how many did not fit."""

    readings: list[Reading]
    left_out: int


def prepare(contents: Contents) -> Reader:
    """Shape the pairs; those that would make the page longer than its bound are left out."""
    readings: list[Reading] = []
    left_out, room = 0, bounds.READER_CHARACTERS
    for pair in contents.pairs:
        texts = _shown(pair.left["body"]), _shown(pair.right["body"])
        size = len(texts[0]) + len(texts[1])
        if size > room:
            left_out += 1
            continue
        room -= size
        readings.append(_reading(len(readings) + 1, pair, texts))
    return Reader(readings, left_out)


def _shown(body: str) -> str:
    """The beginning of a text, up to the end of a word."""
    if len(body) <= bounds.SHOWN_CHARACTERS:
        return body
    cut = body[: bounds.SHOWN_CHARACTERS]
    end = max(cut.rfind(" "), cut.rfind("\n"))
    return cut[:end] if end > 0 else cut


def _reading(number: int, pair: Pair, texts: tuple[str, str]) -> Reading:
    shared = sorted((_shared(pair, row) for row in pair.passages), key=_order)
    if pair.rank:
        removed, added = changed_words(pair.left["body"], pair.right["body"])
    else:
        removed, added = _changed_inside(pair, shared)
    inside = [
        each for each in shared if each.left[0] < len(texts[0]) and each.right[0] < len(texts[1])
    ]
    return Reading(
        number=number,
        left=pair.left,
        right=pair.right,
        rank=pair.rank,
        rows=rows(texts, inside, (removed, added)),
        passage_count=len(shared),
        edited_count=sum(each.is_edited for each in shared),
        passages_beyond=len(shared) - len(inside),
        removed_count=_word_count(pair.left["body"], removed),
        added_count=_word_count(pair.right["body"], added),
        left_shown=len(texts[0]),
        right_shown=len(texts[1]),
    )


def _shared(pair: Pair, row: Record) -> Shared:
    a, b = (row["a_start"], row["a_end"]), (row["b_start"], row["b_end"])
    left, right = (a, b) if row["article_a"] == pair.left["article_id"] else (b, a)
    return Shared(left, right, row["kind"] == EDITED)


def _order(each: Shared) -> tuple[Any, ...]:
    return (each.left, each.right)


def _changed_inside(pair: Pair, shared: Iterable[Shared]) -> tuple[list[Span], list[Span]]:
    """The words changed inside edited passages: around them the texts are two articles."""
    removed: list[Span] = []
    added: list[Span] = []
    for each in shared:
        if each.is_edited:
            own, other = (
                pair.left["body"][slice(*each.left)],
                pair.right["body"][slice(*each.right)],
            )
            fewer, more = changed_words(own, other)
            removed += [(low + each.left[0], high + each.left[0]) for low, high in fewer]
            added += [(low + each.right[0], high + each.right[0]) for low, high in more]
    return _merged(removed), _merged(added)


def _merged(spans: Sequence[Span]) -> list[Span]:
    """The same characters as spans that ascend and do not overlap."""
    found: list[Span] = []
    for low, high in sorted(spans):
        if found and low <= found[-1][1]:
            found[-1] = (found[-1][0], max(high, found[-1][1]))
        else:
            found.append((low, high))
    return found


def _word_count(text: str, spans: Iterable[Span]) -> int:
    return sum(len(text[low:high].split()) for low, high in spans)
