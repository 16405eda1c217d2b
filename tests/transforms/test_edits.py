"""Changed words of two texts, as spans."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from transforms.edits import Span, changed_words

_WORDS = st.sampled_from(["the", "old", "mill", "“shut”", '"shut"', "on", "Monday", "again,", ""])
_TEXTS = st.lists(st.lists(_WORDS, max_size=9).map(" ".join), max_size=5).map("\n".join)


def _words(text: str, spans: list[Span]) -> list[str]:
    return [text[low:high] for low, high in spans]


@pytest.mark.parametrize(
    ("base", "text", "removed", "added"),
    [
        ("", "", [], []),
        ("a b c d e f", "a b c d e f", [], []),
        ("a b c d e f", "a b c x e f g", ["d e f"], ["x e f g"]),
        ("one two three four\nlast", "new\none two three four\nlast", [], ["new"]),
        ("gone\none two three", "one two three", ["gone"], []),
        ("he said “no” to it", 'he said "no" to it', [], []),
        ("", "all of it\nis new", [], ["all of it", "is new"]),
        ("a  b   c\nd", "d", ["a  b   c"], []),
    ],
)
def test_changed_words_are_found(
    base: str, text: str, removed: list[str], added: list[str]
) -> None:
    """In the lines that differ, words in no run of three that both texts have."""
    fewer, more = changed_words(base, text)

    assert (_words(base, fewer), _words(text, more)) == (removed, added)


@settings(deadline=None)
@given(_TEXTS, _TEXTS)
def test_spans_ascend_and_lie_on_one_line(base: str, text: str) -> None:
    """They do not touch, begin and end with a word, and none holds a line's end."""
    for whole, spans in zip((base, text), changed_words(base, text), strict=True):
        assert all(low < high for low, high in spans)
        assert all(a[1] < b[0] for a, b in pairwise(spans))
        assert [each for each in _words(whole, spans) if "\n" in each or each != each.strip()] == []


@settings(deadline=None)
@given(_TEXTS, _TEXTS)
def test_the_other_way_round_it_is_the_other_way_round(base: str, text: str) -> None:
    """What one lost the other gained."""
    assert changed_words(base, text) == changed_words(text, base)[::-1]


@settings(deadline=None)
@given(_TEXTS)
def test_a_text_does_not_differ_from_itself(text: str) -> None:
    """Nor does it with other quotation marks, in lines of three words at least."""
    assert changed_words(text, text) == ([], [])
