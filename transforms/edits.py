"""Which words of two texts were changed, as spans: what the view `mart.edits` shows, with places.

Lines that both texts have are set aside. In the others a word stands if one of the runs of three
words it is in (a line's end counts as a word) is in both texts, wherever it stands there; the others
were removed or added. Curly and straight quotation marks are the same. See docs/views.md.
"""

from collections.abc import Iterator, Sequence

Span = tuple[int, int]
"""Half-open, in characters."""

_END = "¶"
_STRAIGHT = str.maketrans("‘’“”", "''\"\"")
_RUN = 3


def changed_words(base: str, text: str) -> tuple[list[Span], list[Span]]:
    """The spans removed from `base` and those added in `text`, ascending; none crosses a line."""
    base_lines, lines = base.split("\n"), text.split("\n")
    base_words = _words(base_lines, frozenset(lines))
    words = _words(lines, frozenset(base_lines))
    base_runs, runs = _runs(base_words), _runs(words)
    return _changed(base_words, base_runs, set(runs)), _changed(words, runs, set(base_runs))


def cut(text: str, spans: Sequence[Span]) -> list[str]:
    """What stands in these spans."""
    return [text[low:high] for low, high in spans]


def word_count(text: str, spans: Sequence[Span]) -> int:
    """How many words stand in these spans, parted by spaces."""
    return sum(1 for words in cut(text, spans) for word in words.split(" ") if word)


def _words(lines: Sequence[str], others: frozenset[str]) -> list[tuple[str, int]]:
    """The words of the lines that are not in both texts, with where each begins; -1 for line ends."""
    found = [(_END, -1)]
    begins = 0
    for line in lines:
        if line not in others:
            found += _line_words(line.translate(_STRAIGHT), begins)
            found.append((_END, -1))
        begins += len(line) + 1
    return found


def _line_words(line: str, begins: int) -> Iterator[tuple[str, int]]:
    for word in line.split(" "):
        yield word, begins
        begins += len(word) + 1


def _runs(words: Sequence[tuple[str, int]]) -> list[tuple[str, ...]]:
    plain = [word for word, _ in words]
    return list(zip(*(plain[place:] for place in range(_RUN)), strict=False))


def _changed(
    words: Sequence[tuple[str, int]], runs: Sequence[tuple[str, ...]], others: set[tuple[str, ...]]
) -> list[Span]:
    stands = [False] * len(words)
    for place, run in enumerate(runs):
        if run in others:
            stands[place : place + _RUN] = [True] * _RUN
    spans: list[Span] = []
    is_open = False
    for (word, begins), is_kept in zip(words, stands, strict=True):
        if is_kept or begins < 0:
            is_open = False
        elif word:
            if is_open:
                spans[-1] = (spans[-1][0], begins + len(word))
            else:
                spans.append((begins, begins + len(word)))
            is_open = True
    return spans
