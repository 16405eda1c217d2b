"""Fingerprints: functions of one text, the same everywhere, sure to share seeds with a copy."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from transforms.fingerprint import BANDS, NORM_VERSION, Fingerprint, fingerprint
from transforms.records import ComparisonText

GOLDEN_SHINGLES = [2981066024389160466, 10911676426276675318, 12310152616314550837]
GOLDEN_BANDS = [4418149638168926921, 5015686362462145276]
GOLDEN_SEEDS = [6097795226805286702]
GOLDEN_LINES = [13595243354715911585]
VOCABULARY = [f"word{number}x" for number in range(400)]


def whole(body: str, article_id: str = "a") -> ComparisonText:
    """A text of which every line that is not blank counts."""
    spans, at = [], 0
    for line in body.split("\n"):
        if line:
            spans.append((at, at + len(line)))
        at += len(line) + 1
    return ComparisonText(article_id, body, tuple(spans))


def one(body: str) -> Fingerprint:
    """The fingerprint of one text."""
    return fingerprint([whole(body)])[0]


@pytest.mark.parametrize("body", ["", "\n", "storm", "the of and it", "three words only", "\x00"])
def test_a_text_without_four_content_words_on_a_line_has_an_empty_fingerprint(body: str):
    """Too little text gives empty arrays, not an error and not a match with everything."""
    mark = one(body)
    assert mark.shingles.size == mark.bands.size == mark.seeds.size == 0


def test_shapes_and_types():
    """Arrays of uint64: shingles ascending and unique, 42 bands, a line for each seed."""
    mark = one(
        "alpha bravo charlie delta echo\nfoxtrot golf hotel india\nalpha bravo charlie delta\n"
        "kilo lima mike november oscar papa quebec romeo"
    )
    for values in (mark.shingles, mark.bands, mark.seeds, mark.seed_lines, mark.lines):
        assert values.dtype == np.uint64
    assert np.all(np.diff(mark.shingles) > 0)
    assert mark.shingles.size == 3 + 5
    assert mark.bands.shape == (BANDS,)
    assert mark.lines.size == 2, "a line of four words is not told apart"
    assert mark.seeds.size == 1, (
        "the least of the first two of three runs of six is that of the last"
    )
    assert set(mark.seed_lines.tolist()) < set(mark.lines.tolist())


def test_shingles_never_cross_a_line():
    """Three words on each of two lines make no shingle."""
    assert one("alpha bravo charlie\ndelta echo foxtrot").shingles.size == 0


def test_values_are_fixed():
    """The hashes of a norm version never change: stored fingerprints must stay comparable."""
    mark = one("harbour bridge closed storm warning tonight")
    assert NORM_VERSION == 3
    assert mark.shingles.tolist() == GOLDEN_SHINGLES
    assert mark.bands[:2].tolist() == GOLDEN_BANDS
    assert mark.seeds.tolist() == GOLDEN_SEEDS
    assert mark.lines.tolist() == GOLDEN_LINES


def test_equal_texts_have_equal_fingerprints_wherever_they_stand():
    """Neither the neighbours in a batch nor the place in it count."""
    body = "harbour bridge closed storm warning tonight ferry service"
    batch = fingerprint([whole("other text entirely with several words"), whole(body), whole(body)])
    for mark in batch[1:]:
        assert mark.shingles.tolist() == one(body).shingles.tolist()
        assert mark.bands.tolist() == one(body).bands.tolist()
        assert mark.seeds.tolist() == one(body).seeds.tolist()


words = st.lists(st.sampled_from(VOCABULARY), max_size=30)


@settings(max_examples=200)
@given(st.lists(st.sampled_from(VOCABULARY), min_size=7, max_size=7), words, words, words, words)
def test_a_common_run_of_seven_words_shares_a_seed(
    run: list[str], before: list[str], after: list[str], ahead: list[str], behind: list[str]
):
    """Winnowing in windows of two looks at no text around them."""
    left = one(" ".join(before + run + after))
    right = one(" ".join(ahead + run + behind))
    assert set(left.seeds.tolist()) & set(right.seeds.tolist())


@settings(max_examples=100)
@given(st.lists(st.lists(st.sampled_from(VOCABULARY), max_size=12), max_size=8))
def test_the_order_of_lines_does_not_matter(lines: list[list[str]]):
    """A text with its paragraphs reversed has the same shingles, bands and seeds."""
    forward = one("\n".join(" ".join(line) for line in lines))
    backward = one("\n".join(" ".join(line) for line in reversed(lines)))
    for name in ("shingles", "bands", "seeds", "seed_lines", "lines"):
        assert getattr(forward, name).tolist() == getattr(backward, name).tolist()


def test_bands_of_near_copies_meet():
    """Two texts that share four fifths of their shingles have a band in common."""
    text = " ".join(VOCABULARY[:200])
    near = " ".join([*VOCABULARY[:180], *VOCABULARY[300:320]])
    assert set(one(text).bands.tolist()) & set(one(near).bands.tolist())


def test_bands_of_unrelated_texts_do_not_meet():
    """Two texts without a common shingle have no band in common."""
    left, right = one(" ".join(VOCABULARY[:200])), one(" ".join(VOCABULARY[200:]))
    assert not set(left.bands.tolist()) & set(right.bands.tolist())
