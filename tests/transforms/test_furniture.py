"""Furniture: how a line is told, when it is the site's own, and that no passage stands on it."""

from datetime import UTC, date, datetime, timedelta, timezone
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from transforms.fingerprint import fingerprint
from transforms.furniture import (
    FURNITURE_CLUSTERS,
    MIN_LINE_WORDS,
    UNDATED,
    days_of,
    hash_lines,
    is_furniture,
    month_of,
)
from transforms.passages import MIN_WHOLE_LINE_WORDS, align
from transforms.records import ComparisonText
from transforms.text import tokenise

SUBSCRIBE = "Subscribe tonight: unlimited stories, crosswords, recipes, podcasts delivered weekly."
WEATHER = "High 81F, winds northwest 10 mph, chance of rain 40%, humidity near 7 percent."
STORY = "Inspectors found cracks in the hulls of three boats that link the halves of Port Ellis."
REPLY = "Engineers from the yard will test every weld before any of the boats sails tomorrow."
VOCABULARY = [f"harbour{letter}x" for letter in "abcdefghijkl"]


def whole(body: str, article_id: str = "a", furniture: frozenset[int] = frozenset()):
    """A text of which every line that is not blank counts."""
    spans, at = [], 0
    for line in body.split("\n"):
        if line:
            spans.append((at, at + len(line)))
        at += len(line) + 1
    return ComparisonText(article_id, body, tuple(spans), furniture=furniture)


def hashes(*bodies: str) -> list[int]:
    """The hash of every line of these texts that has content words, taken as one batch."""
    return hash_lines(tokenise([whole(body) for body in bodies])).hashes.tolist()


def one(line: str) -> int:
    """The hash of one line of an English text."""
    return hashes(f"{line}\n{STORY}")[0]


@pytest.mark.parametrize(
    "other",
    [
        WEATHER.replace("81F", "64F"),
        WEATHER.replace("10 mph", "25 mph").replace("40%", "5%"),
        WEATHER.upper(),
        WEATHER.replace(", ", " – "),
        WEATHER.replace("of rain", "for the rain"),
    ],
    ids=["temperature", "figures", "capitals", "dashes", "function words"],
)
def test_a_line_is_told_by_its_words(other: str):
    """Figures, case, punctuation and function words differ from day to day and do not count."""
    assert one(WEATHER) == one(other) != 0


@pytest.mark.parametrize(
    "other",
    [
        WEATHER.replace("northwest", "southeast"),
        WEATHER.replace("winds northwest", "northwest winds"),
        WEATHER.replace("High 81F, winds", "High winds, 81F"),
        WEATHER.removesuffix(" percent."),
        WEATHER + " Tomorrow sunny.",
        WEATHER.replace("81F", "mild"),
    ],
    ids=["a word", "two words", "a figure elsewhere", "shorter", "longer", "a word for a figure"],
)
def test_other_words_or_another_order_are_another_line(other: str):
    """A line with one word changed, moved, missing or more is not the same."""
    assert one(WEATHER) != one(other) != 0


@pytest.mark.parametrize(
    ("line", "is_told"),
    [
        ("Subscribe tonight unlimited crosswords", False),
        ("The subscribe of it tonight was unlimited and with crosswords", False),
        ("Subscribe tonight unlimited crosswords recipes", True),
        ("Subscribe 7 unlimited crosswords 2026", True),
        ("点击此处订阅我们的", False),
        ("点击此处订阅我们的报", True),
    ],
)
def test_a_line_of_less_than_five_words_is_not_told(line: str, is_told: bool):  # noqa: FBT001
    """Five content words, figures among them; two Han characters weigh as much as a word."""
    assert MIN_LINE_WORDS == MIN_WHOLE_LINE_WORDS == 5, "no shorter line can be a passage"
    assert (one(line) != 0) is is_told


def test_each_token_knows_its_line():
    """Lines without content words have no number; a line that stands twice has one hash twice."""
    repeating = whole(f"{SUBSCRIBE}\nof the\nStorm\n{SUBSCRIBE}\n{STORY}")
    tokens = tokenise([repeating, whole(f"{WEATHER}\n{STORY}")])
    lines = hash_lines(tokens)

    told = [one(line) for line in (SUBSCRIBE, SUBSCRIBE, STORY, WEATHER, STORY)]
    assert lines.hashes.tolist() == [told[0], 0, *told[1:]]
    assert np.unique(lines.of_token).tolist() == [0, 1, 2, 3, 4, 5]
    assert np.all(np.diff(lines.of_token) >= 0)
    assert lines.of_token.size == tokens.hashes.size


@pytest.mark.parametrize("bodies", [(), ("",), ("", "\n"), ("of the and",)])
def test_texts_without_content_have_no_lines(bodies: tuple[str, ...]):
    """Nothing to tell is no error."""
    assert hashes(*bodies) == []


lines = st.lists(st.sampled_from(VOCABULARY), min_size=1, max_size=8).map(" ".join)
bodies = st.lists(lines, max_size=4).map("\n".join)


@settings(max_examples=100)
@given(st.lists(bodies, max_size=5), st.randoms(use_true_random=False))
def test_the_other_texts_of_a_batch_do_not_matter(texts: list[str], random: Random):
    """A line's hash is that line's alone: in any batch, in any place of it."""
    alone = {text: hashes(text) for text in texts}
    shuffled = texts.copy()
    random.shuffle(shuffled)

    assert hashes(*shuffled) == [value for text in shuffled for value in alone[text]]
    for text in texts:
        assert alone[text] == [value for line in text.split("\n") if line for value in hashes(line)]


@settings(max_examples=200)
@given(lines, lines)
def test_two_lines_have_one_hash_only_if_they_are_one(left: str, right: str):
    """Equal words in one order, and nothing else; short lines are all alike."""
    same = left == right or max(len(left.split()), len(right.split())) < MIN_LINE_WORDS
    assert (hashes(left) == hashes(right)) is same


def test_a_fingerprint_has_the_lines_of_five_words():
    """Each once, ascending, without the 0 of the short ones; seeds stand on one of them."""
    mark = fingerprint([whole(f"{WEATHER}\nStorm\n{SUBSCRIBE}\n{WEATHER}\n{STORY}")])[0]

    assert mark.lines.tolist() == sorted([one(WEATHER), one(SUBSCRIBE), one(STORY)])
    assert set(mark.seed_lines.tolist()) == set(mark.lines.tolist())


@pytest.mark.parametrize(
    ("articles", "clusters", "expected"),
    [
        (0, 0, False),
        (1, 1, False),
        (FURNITURE_CLUSTERS - 1, FURNITURE_CLUSTERS - 1, False),
        (FURNITURE_CLUSTERS, FURNITURE_CLUSTERS, True),
        (2 * FURNITURE_CLUSTERS, FURNITURE_CLUSTERS, True),
        (2 * FURNITURE_CLUSTERS + 1, FURNITURE_CLUSTERS, False),
        (1000, 1000, True),
        (1000, 500, True),
        (1000, 499, False),
        (1000, 1, False),
    ],
)
def test_furniture_stands_in_many_articles_of_many_clusters(
    articles: int,
    clusters: int,
    expected: bool,  # noqa: FBT001
):
    """Too few clusters prove nothing; far more articles than clusters are one text run often."""
    assert is_furniture(articles, clusters) is expected


@pytest.mark.parametrize(
    ("at", "month"),
    [
        (None, UNDATED),
        (datetime(2026, 7, 14, tzinfo=UTC), 202607),
        (datetime(2026, 12, 31, 23, 59, 59, tzinfo=UTC), 202612),
        (datetime(2027, 1, 1, tzinfo=UTC), 202701),
        (datetime(2027, 1, 1, 4, tzinfo=timezone(timedelta(hours=5))), 202612),
        (datetime(2026, 7, 31, 20, tzinfo=timezone(timedelta(hours=-5))), 202608),
        (datetime(1, 1, 1, tzinfo=UTC), 101),
    ],
)
def test_months_are_those_of_utc(at: datetime | None, month: int):
    """Two zones do not part one instant; an unknown time has a month of its own."""
    assert month_of(at) == month


def passages(furniture_a: list[str], furniture_b: list[str]) -> list[str]:
    """What stands in the passages of two articles that share every line but one."""
    left = f"{STORY}\n{SUBSCRIBE}\n{REPLY}\nOur reporter counted ninety cars on Quay Street."
    right = f"{SUBSCRIBE}\nCyclists crossed the old viaduct in heavy rain.\n{REPLY}\n{STORY}"
    texts = {
        "a": whole(left, "a", frozenset(map(one, furniture_a))),
        "b": whole(right, "b", frozenset(map(one, furniture_b))),
    }
    return [left[each.a_start : each.a_end] + "." for each in align([("a", "b")], texts)]


@pytest.mark.parametrize("sides", [(True, True), (True, False), (False, True)])
def test_a_line_of_furniture_is_in_no_passage_and_every_other_line_is(sides: tuple[bool, bool]):
    """On whichever side it is furniture; what stands beside it stays as it was."""
    assert passages([], []) == [STORY, SUBSCRIBE, REPLY]
    assert passages([SUBSCRIBE] * sides[0], [SUBSCRIBE] * sides[1]) == [STORY, REPLY]
    assert passages([SUBSCRIBE, REPLY] * sides[0], [SUBSCRIBE, REPLY] * sides[1]) == [STORY]


def test_furniture_that_an_article_does_not_have_changes_nothing():
    """Nor does that of a third article of the call: each leaves out its own lines."""
    assert passages([WEATHER], [WEATHER]) == passages([], [])
    texts = {
        "a": whole(f"{STORY}\n{SUBSCRIBE}", "a"),
        "b": whole(f"{SUBSCRIBE}\n{STORY}", "b"),
        "c": whole(f"{SUBSCRIBE}\n{STORY}", "c", frozenset([one(SUBSCRIBE), one(STORY)])),
    }
    found = align([("a", "b"), ("a", "c"), ("b", "c")], texts)
    assert [(each.article_a, each.article_b) for each in found] == [("a", "b")] * 2


def test_one_agency_sentence_in_furniture_and_in_a_paragraph():
    """The same words in a longer paragraph are another line, and a passage."""
    left = f"{SUBSCRIBE}\n{STORY}"
    right = f"Readers were told: {SUBSCRIBE}\nCyclists crossed the old viaduct."
    texts = {
        "a": whole(left, "a"),
        "b": whole(right, "b", frozenset([one(SUBSCRIBE)])),
    }
    (found,) = align([("a", "b")], texts)
    assert left[found.a_start : found.a_end] == SUBSCRIBE.removesuffix(".")


@pytest.mark.parametrize(
    ("months", "expected"),
    [
        ([202602], (date(2026, 2, 1), date(2026, 2, 28))),
        ([202612, 0, 202401], (date(2024, 1, 1), date(2026, 12, 31))),
        ([202402, 202402], (date(2024, 2, 1), date(2024, 2, 29))),
        ([0], (date.max, date.min)),
        ([], (date.max, date.min)),
    ],
)
def test_the_days_of_months(months: list[int], expected: tuple[date, date]):
    """From the first of the earliest to the last of the latest; the undated have none."""
    assert days_of(months) == expected
