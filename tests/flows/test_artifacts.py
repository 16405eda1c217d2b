"""Text from strangers on the page of a flow run."""

from __future__ import annotations

import html
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.orchestration.artifacts import escaped, form_link, link, one_line, outcome_rows

_MEANING = re.compile(r"[\\`*_{}\[\]()<>#+\-.!|~^=$@:/\"]")


@given(st.text(max_size=200))
def test_escaped_text_means_nothing_and_says_the_same(text: str) -> None:
    """No character of Markdown or HTML is left; undone, it is the text on one line."""
    shown = escaped(text)

    assert not _MEANING.search(re.sub(r"&#\d+;", "", shown))
    assert "\n" not in shown
    assert html.unescape(shown).replace("\u2060", "") == one_line(text).replace("\u2060", "")


@given(st.text())
def test_a_log_line_is_one_line(text: str) -> None:
    """Nothing in it moves the cursor, colours the terminal or begins another line."""
    line = one_line(text, 80)

    assert len(line) <= 80
    assert line.isprintable()


@pytest.mark.parametrize(
    ("url", "is_link"),
    [
        ("https://news.example/a?b=1&c=2", True),
        ("http://news.example/a) [b](javascript:x", True),
        ("javascript:alert(1)", False),
        ("file:///etc/passwd", False),
        ("//evil.example/", False),
        ("http://[broken", False),
    ],
)
def test_only_addresses_of_the_web_become_links(url: str, is_link: bool) -> None:  # noqa: FBT001
    """And none ends its own link."""
    made = link("A | headline", url)

    assert made.startswith("[") == is_link
    if is_link:
        target = made.partition("](")[2]
        assert target.count(")") == 1
        assert not re.search(r"[\s<>|\[\]\"]", target)


def test_a_form_link_carries_its_parameters() -> None:
    """As one JSON object, in one query parameter."""
    made = form_link("http://127.0.0.1:4200/", "d", {"paths": ("a&b", "c"), "force": True})

    assert made == (
        "http://127.0.0.1:4200/v2/deployments/deployment/d/run?parameters="
        "%7B%22paths%22%3A%20%5B%22a%26b%22%2C%20%22c%22%5D%2C%20%22force%22%3A%20true%7D"
    )


def test_unchanged_inputs_have_a_row_of_their_own() -> None:
    """So that the table adds up to the inputs."""
    row = {"source": "a", "outcome": "loaded", "reason": None, "entry_count": 2}
    rows = outcome_rows([{**row, "example": "u", "detail": None}], 3)

    assert [(r["outcome"], r["inputs"]) for r in rows] == [("loaded", 2), ("unchanged", 3)]
