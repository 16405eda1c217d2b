"""Texts to content words: what counts as a word, and where exactly it stands."""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from transforms.records import ComparisonText
from transforms.text import tokenise

ROOT = Path(__file__).parents[2]
ENGLISH = "The minister said that the bridge over the river would be closed to all traffic. "


def whole(body: str, article_id: str = "a", language: str | None = None) -> ComparisonText:
    """A text of which every line that is not blank counts."""
    spans, at = [], 0
    for line in body.split("\n"):
        if line:
            spans.append((at, at + len(line)))
        at += len(line) + 1
    return ComparisonText(article_id, body, tuple(spans), language)


def words(body: str) -> list[str]:
    """The content words of a text, cut from it by their offsets."""
    tokens = tokenise([whole(body)])
    pairs = zip(tokens.starts.tolist(), tokens.ends.tolist(), strict=True)
    return [body[start:end] for start, end in pairs]


def hashes(body: str, language: str | None = None) -> list[int]:
    """The token hashes of a text."""
    return tokenise([whole(body, language=language)]).hashes.tolist()


def test_function_words_of_english_are_left_out():
    """English loses its function words and keeps the rest in order."""
    assert words(ENGLISH) == ["minister", "bridge", "river", "closed", "traffic"]


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("the mayor’s “build-up” of the plan", 'the mayor\'s "buildup" of the plan'),
        ("the U.S. and the U.K. plan", "the US and the UK plan"),
        ("the 14,000 men of the port", "the 14000 men of the port"),
        ("the guarantees of the attacks", "the guarantee of the attacked"),
        ("the co\u00adope\u00adra\u00adtion of the state", "the cooperation of the state"),
        ("the café of the Ångström family", "the cafe\u0301 of the angstrom family"),
        ("the ﬁnal ｔｅｘｔ of the Straße", "the final text of the strasse"),
        ("the well‑known man of the hour", "the well-known man of the hour"),
        ("the year ٢٠٢٤ of the plan", "the year 2024 of the plan"),
    ],
)
def test_typography_does_not_matter(left: str, right: str):
    """Quotes, hyphens, soft hyphens, points of initials, accents and widths change no hash."""
    assert hashes(ENGLISH + left) == hashes(ENGLISH + right)


@pytest.mark.parametrize(
    ("left", "right"),
    [("virus", "viru"), ("press", "pres"), ("need", "ne"), ("10", "100"), ("bus", "bu")],
)
def test_different_words_stay_different(left: str, right: str):
    """Stemming is light: what merely looks like an ending is kept."""
    assert hashes(ENGLISH + left) != hashes(ENGLISH + right)


def test_a_dash_between_words_separates_them():
    """An em dash or a spaced hyphen is no part of a word."""
    assert words(ENGLISH + "troops—half - massed")[-3:] == ["troops", "half", "massed"]


def test_language_is_told_from_the_text_alone():
    """The language tag changes nothing: outlets tag the same words differently."""
    assert hashes(ENGLISH) == hashes(ENGLISH, "de") == hashes(ENGLISH, "en")


def test_short_words_go_in_other_languages_with_capitals():
    """Without a list of function words, short words stand in for them; numbers stay."""
    text = "El presidente de la república dijo en 10 días que no habrá más ayuda para los bancos"
    kept = "presidente república dijo 10 días habrá ayuda para bancos"
    assert words(text) == kept.split()


def test_scripts_without_capitals_keep_every_word():
    """Arabic and Hindi words are short without being function words."""
    assert words("قال الوزير إن الجسر مغلق") == ["قال", "الوزير", "إن", "الجسر", "مغلق"]
    hindi = "मंत्री ने कहा कि पुल बंद है"
    assert words(hindi) == hindi.split()


def test_han_and_thai_go_by_characters():
    """A script that does not separate words gives one token a character, of less weight."""
    tokens = tokenise([whole("部长说大桥关闭"), whole("สะพานปิดแล้ว")])
    first, second = np.diff(tokens.bounds)
    assert first == 7
    assert second == 12
    assert set(tokens.weights[:7].tolist()) == {2}
    assert set(tokens.weights[7:].tolist()) == {1}


def test_offsets_are_code_points_of_the_original():
    """Emoji, combining marks and expanded letters before a word do not shift its offsets."""
    body = "😀 cafe\u0301 ﬃ \u200bBridge\u00adhead of the city and the river\nשלום bridge"
    assert {"cafe\u0301", "Bridge\u00adhead", "city", "river", "bridge"} <= set(words(body))


def test_only_prose_counts():
    """Tokens come from the prose spans only, with offsets into the whole body."""
    body = "Subscribe now\nThe harbour was closed on the day of the storm\nRead more"
    text = ComparisonText("a", body, ((14, 60),))
    tokens = tokenise([text])
    found = [body[s:e] for s, e in zip(tokens.starts, tokens.ends, strict=True)]
    assert found == ["harbour", "closed", "day", "storm"]


def test_two_spans_of_one_line_are_two_lines():
    """What a cut removed does not become adjacent: the border of a span ends a line."""
    body = "harbour closed (photo by someone) storm warning"
    tokens = tokenise([ComparisonText("a", body, ((0, 14), (34, 47)))])
    assert len(set(tokens.lines.tolist())) == 2


@pytest.mark.parametrize("body", ["", " ", "\n\n", "the of and", "!!!", "\x00", "x", "-", "."])
def test_texts_without_content_give_nothing_or_little(body: str):
    """Empty, blank, all-stopword and one-character texts are texts like any other."""
    tokens = tokenise([whole(body), whole("harbour")])
    assert tokens.bounds[-1] == tokens.hashes.size <= 3
    assert tokenise([]).bounds.tolist() == [0]


def test_hashes_are_the_same_in_another_process():
    """No hash depends on the seed of the process."""
    code = (
        "from transforms.text import tokenise; from transforms.records import ComparisonText;"
        "print(tokenise([ComparisonText('a', 'harbour storm', ((0, 13),))]).hashes.tolist())"
    )
    environment = {**os.environ, "PYTHONHASHSEED": "7", "PYTHONPATH": str(ROOT)}
    run = subprocess.run(
        [sys.executable, "-c", code],
        check=True,
        capture_output=True,
        text=True,
        cwd=ROOT,
        env=environment,
    )
    assert run.stdout.strip() == str(hashes("harbour storm"))


bodies = st.lists(
    st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=40)
    | st.sampled_from([ENGLISH, "U.S.-led ﬃ e\u0301 ß", "部长说", "a-b-c. 1,0.2", "İß\u00ad"]),
    max_size=6,
).map("\n".join)


@settings(max_examples=150)
@given(st.lists(bodies, min_size=1, max_size=5))
def test_a_text_does_not_depend_on_its_batch(batch: list[str]):
    """A batch gives each text what it gets alone; offsets are in order, in bounds, on one line."""
    together = tokenise([whole(body) for body in batch])
    for i, body in enumerate(batch):
        low, high = together.bounds[i], together.bounds[i + 1]
        alone = tokenise([whole(body)])
        assert together.hashes[low:high].tolist() == alone.hashes.tolist()
        assert together.starts[low:high].tolist() == alone.starts.tolist()
        assert together.ends[low:high].tolist() == alone.ends.tolist()
        assert np.all(alone.starts < alone.ends)
        assert np.all(alone.ends <= len(body))
        assert np.all(np.diff(alone.starts) >= 0)
        assert np.all(np.diff(alone.lines) >= 0)
        for start, end in zip(alone.starts.tolist(), alone.ends.tolist(), strict=True):
            assert "\n" not in body[start:end]


@settings(max_examples=100)
@given(bodies)
def test_case_does_not_matter(body: str):
    """A text in small letters has the tokens of the original wherever lower() keeps its length."""
    lowered = body.lower()
    if len(lowered) == len(body) and lowered.casefold() == body.casefold():
        assert hashes(lowered) == hashes(body)


def test_a_megabyte_is_a_text_like_any_other():
    """A text larger than a group of texts is one group by itself."""
    tokens = tokenise([whole("harbour"), whole(ENGLISH * 12_000), whole("storm")])
    assert np.diff(tokens.bounds).tolist() == [1, 60_000, 1]
    assert len(set(tokens.hashes.tolist())) == 7


def test_surfaces_tell_what_stems_hide():
    """Two texts with equal stems differ in their surfaces where an ending or a small word differs."""
    left = tokenise([whole(ENGLISH + "the guards of the old port")])
    right = tokenise([whole(ENGLISH + "the guard of an old port")])
    assert left.hashes.tolist() == right.hashes.tolist()
    assert (left.surfaces != right.surfaces).sum() == 2


def test_headings_come_only_where_they_are_wanted_and_change_no_other_token():
    """Whether a text is English is told from its prose, so that its hashes are the same with them."""
    body = "The harbour was closed on the day of the storm\nHafen Sturm Montag sechs\nBridges were closed"
    text = ComparisonText("a", body, ((0, 46), (72, 91)), headings=((47, 71),))
    other = whole("Nothing but prose in the other of the two", "b")
    plain = tokenise([text, other])
    told = tokenise([text, other], with_headings=True)
    own_words = range(int(told.bounds[1]))
    found = [body[told.starts[i] : told.ends[i]] for i in own_words]
    assert [found[i] for i in np.flatnonzero(told.is_heading)] == [
        "Hafen",
        "Sturm",
        "Montag",
        "sechs",
    ]
    assert not plain.is_heading.any()
    own = ~told.is_heading
    for name in ("hashes", "starts", "ends", "weights", "is_number", "is_capital"):
        assert getattr(told, name)[own].tolist() == getattr(plain, name).tolist(), name
    assert np.all(np.diff(told.starts[: told.bounds[1]]) > 0)


@pytest.mark.parametrize(
    "heading",
    ["Hafen Sturm Montag sechs Brücken Kai " * 20, "Bridge Quay Storm Ferry Guard Harbour " * 20],
    ids=["of another language", "of names"],
)
def test_prose_is_read_alike_however_long_the_headings(heading: str):
    """Neither its language nor whether capitals mean anything is told from what is no prose."""
    prose = "The guards of the port said that Ruth Adeyemi and the crews were closing bridges"
    body = f"{prose}\n{heading.strip()}"
    text = ComparisonText("a", body, ((0, len(prose)),), headings=((len(prose) + 1, len(body)),))
    plain, told = tokenise([text]), tokenise([text], with_headings=True)
    assert plain.is_capital.any()
    own = ~told.is_heading
    assert told.hashes[own].tolist() == plain.hashes.tolist()
    assert told.is_capital[own].tolist() == plain.is_capital.tolist()
