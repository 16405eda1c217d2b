"""Two texts in rows: every character once, marks where they belong, lines in order."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from transforms.edits import changed_words
from transforms.side_by_side import Line, Shared, rows

_LINES = st.lists(st.sampled_from(["", "a b c", "d e f g", "h", "i j k l m", " "]), max_size=8)
_TEXTS = _LINES.map("\n".join)


def _text(line: Line) -> str:
    return "".join(piece.text for piece in line)


@st.composite
def _pairs(draw: st.DrawFn) -> tuple[str, str, list[Shared]]:
    left, right = draw(_TEXTS), draw(_TEXTS)
    spans = []
    for _ in range(draw(st.integers(0, 4))):
        ends = [
            tuple(sorted((draw(st.integers(0, len(text))), draw(st.integers(0, len(text))))))
            for text in (left, right)
        ]
        if all(low < high for low, high in ends):
            spans.append(
                Shared((ends[0][0], ends[0][1]), (ends[1][0], ends[1][1]), draw(st.booleans()))
            )
    return left, right, spans


@settings(deadline=None)
@given(_pairs())
def test_every_line_stands_there_once_and_in_order(pair: tuple[str, str, list[Shared]]) -> None:
    """Blank lines aside, the sides are the texts."""
    left, right, shared = pair
    found = rows((left, right), shared, changed_words(left, right))

    assert [_text(row.left) for row in found if row.left] == _lines(left)
    assert [_text(row.right) for row in found if row.right] == _lines(right)
    assert all(row.left or row.right for row in found)


def _lines(text: str) -> list[str]:
    return [line for line in text.split("\n") if line.strip()]


@settings(deadline=None)
@given(_pairs())
def test_marks_are_where_the_spans_are(pair: tuple[str, str, list[Shared]]) -> None:
    """A character is in a passage or changed in its piece as it is in the spans."""
    left, right, shared = pair
    removed, added = changed_words(left, right)
    found = rows((left, right), shared, (removed, added))

    spans = [each.left for each in shared]
    marked = [piece for row in found for piece in row.left for _ in piece.text]
    places = [place for place, line in _placed(left) if line.strip()]
    assert [piece.passage > 0 for piece in marked] == [
        any(low <= place < high for low, high in spans) for place in places
    ]
    assert [piece.is_changed for piece in marked] == [
        any(low <= place < high for low, high in removed) for place in places
    ]


def _placed(text: str) -> list[tuple[int, str]]:
    """Every character but line ends, with its line."""
    found, begins = [], 0
    for line in text.split("\n"):
        found += [(begins + n, line) for n in range(len(line))]
        begins += len(line) + 1
    return found


def test_lines_with_a_passage_stand_beside_each_other() -> None:
    """An inserted line stands alone where nothing is across; the number opens once on each side."""
    left = "same words here\nonly left\nmore of the same"
    right = "intro\nsame words, edited\nmore of the same"
    shared = [Shared((0, 10), (6, 16), is_edited=True)]
    found = rows((left, right), shared, ([], []))

    assert [(_text(row.left), _text(row.right)) for row in found] == [
        ("", "intro"),
        ("same words here", "same words, edited"),
        ("only left", ""),
        ("more of the same", "more of the same"),
    ]
    opened = [
        piece for row in found for side in (row.left, row.right) for piece in side if piece.opens
    ]
    assert [(piece.text, piece.opens, piece.is_edited) for piece in opened] == [
        ("same words", (1,), True),
        ("same words", (1,), True),
    ]


def test_what_crosses_is_not_forced_into_rows() -> None:
    """Two paragraphs that changed places: one is paired, the other stands for itself."""
    found = rows(("one one\ntwo two", "two two\none one"), [], ([], []))

    assert [(_text(row.left), _text(row.right)) for row in found] in (
        [("", "two two"), ("one one", "one one"), ("two two", "")],
        [("one one", ""), ("two two", "two two"), ("", "one one")],
    )
