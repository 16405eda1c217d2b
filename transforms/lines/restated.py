"""Sentences that an earlier, longer paragraph of the same text says too.

They are captions and pull quotes: "Doe said the plan would fail." under a photograph, after a
paragraph in which Doe says so. A line counts as restated when at least eight in ten of its words
stand in runs of four words that a longer line above has. Linear in the text.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import chain

_RUN = 4  # words
_REPEATED = 0.8
_SHORTEST = 8
_LONGEST = 40
_LIMIT = 100_000  # characters; a longer text is not searched
_LEDE_LINES = 3  # spared: a caption above the first paragraphs often says what they say


def find_restated(
    paragraphs: Sequence[Sequence[str]], is_single: Callable[[int], bool]
) -> list[int]:
    """The indices of restated paragraphs.

    Args:
        paragraphs: the lower-cased words of each paragraph, in order.
        is_single: whether the paragraph of an index is a single sentence; only those can be restated.
    """
    whole = " ".join(chain.from_iterable(paragraphs))
    if len(whole) > _LIMIT:
        return []
    found: list[int] = []
    above: dict[
        tuple[str, ...], int
    ] = {}  # a run of words -> words of the longest line that has it
    read = 0
    for n, words in enumerate(paragraphs):
        if n < _LEDE_LINES or not _SHORTEST <= len(words) <= _LONGEST:
            continue
        # One of three runs must recur before all are looked at: usually none does.
        if all(whole.count(probe) < 2 for probe in _probes(words)) or not is_single(n):
            continue
        for earlier in paragraphs[read:n]:
            for run in _runs(earlier):
                above[run] = max(above.get(run, 0), len(earlier))
        read = n
        covered = bytearray(len(words))
        for at, run in enumerate(_runs(words)):
            if above.get(run, 0) > len(words):
                covered[at : at + _RUN] = b"\1" * _RUN
        if sum(covered) >= _REPEATED * len(words):
            found.append(n)
    return found


def _runs(words: Sequence[str]) -> list[tuple[str, ...]]:
    return list(zip(words, words[1:], words[2:], words[3:], strict=False))


def _probes(words: Sequence[str]) -> list[str]:
    starts = (0, len(words) // 2 - 2, len(words) - _RUN)
    return [" ".join(words[at : at + _RUN]) for at in starts]
