"""Passages: what two articles share, exactly where it stands, and nothing that only looks alike."""

from dataclasses import replace
from itertools import combinations
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from transforms.passages import MIN_WHOLE_LINE_WORDS, align
from transforms.records import ComparisonText, Passage, PassageKind

SENTENCE = (
    "Inspectors found cracks in the hulls of three boats that link the two halves of Port Ellis."
)
OWN = (
    "Our reporter spent the morning at the bakery on Quay Street.",
    "Cyclists crossed the old viaduct in heavy rain before breakfast.",
)


def whole(article_id: str, body: str) -> ComparisonText:
    """A text of which every line that is not blank counts."""
    spans, at = [], 0
    for line in body.split("\n"):
        if line:
            spans.append((at, at + len(line)))
        at += len(line) + 1
    return ComparisonText(article_id, body, tuple(spans))


def shared(left: str, right: str) -> list[tuple[str, str, PassageKind]]:
    """The passages of two texts: what stands there on either side, and the kind."""
    found = align([("a", "b")], {"a": whole("a", left), "b": whole("b", right)})
    return [(left[p.a_start : p.a_end], right[p.b_start : p.b_end], p.kind) for p in found]


def test_a_sentence_inside_other_text_is_found_word_for_word():
    """The span is the shared words, from the first content word to the last."""
    left, right = f"{OWN[0]} {SENTENCE} {OWN[1]}", f"{OWN[1]}\n{SENTENCE}"
    core = SENTENCE.rstrip(".")
    assert (core, core, PassageKind.VERBATIM) in shared(left, right)


def test_small_changes_make_it_edited():
    """Another figure, ending or small word in the middle: one passage still, of kind edited."""
    for change in (("three", "four"), ("the hulls", "hulls"), ("cracks", "new cracks")):
        changed = SENTENCE.replace(*change)
        assert shared(SENTENCE, changed) == [
            (SENTENCE.rstrip("."), changed.rstrip("."), PassageKind.EDITED)
        ]


def test_typography_is_no_edit():
    """Quotes, hyphens and case may differ in a passage that is word for word the same."""
    left = "The “build-up” of the U.S. fleet alarmed harbour pilots and the ministers' advisers"
    right = 'The "buildup" of the US fleet alarmed harbour pilots and the Ministers’ advisers'
    assert [kind for _, _, kind in shared(left, right)] == [PassageKind.VERBATIM]


def test_what_stands_around_a_change_is_part_of_the_passage():
    """An editor who rewrites the middle leaves both ends of a sentence in the passage."""
    left = (
        "Okafor warned Lindqvist in a phone call this month that Harland will face serious losses"
    )
    right = "Okafor warned Lindqvist in a letter this month that Harland would face serious losses"
    assert shared(left, right) == [(left, right, PassageKind.EDITED)]


def test_stock_phrases_are_no_passages():
    """Five content words in a row are how everyone names a person."""
    left = "US Secretary of State Marian Holloway arrived at noon."
    right = "They quoted US Secretary of State Marian Holloway yesterday."
    assert shared(left, right) == []


def test_five_words_are_enough_for_a_whole_line():
    """A short paragraph both run unchanged is a passage; the same words inside others are not."""
    short = "Net profit 2,463,000 crowns against 3,718,000"
    assert shared(f"{OWN[0]}\n{short}", f"{short}\n{OWN[1]}") == [
        (short, short, PassageKind.VERBATIM)
    ]
    assert shared(f"{OWN[0]} {short}", f"{short} {OWN[1]}") == []


def test_one_quotation_translated_twice_is_no_passage():
    """The same thought in two translators' words shares words and no run of them."""
    left = "“You must hand over the pledges. It is for you to do so, at once, right now,” he said."
    right = "“You should be handing us pledges,” he said. “And straight away, now.”"
    assert shared(left, right) == []


def test_lines_are_never_crossed():
    """A paragraph split in two on one side gives two passages, each within its line."""
    left = SENTENCE + " " + "Engineers from the yard will test every weld before boats sail again."
    right = left.replace(". E", ".\nE")
    found = align([("a", "b")], {"a": whole("a", left), "b": whole("b", right)})
    assert len(found) == 2
    for passage in found:
        assert "\n" not in right[passage.b_start : passage.b_end]


def test_each_place_of_repeated_text_is_covered():
    """Text that one article runs twice is found in both places."""
    left, right = f"{SENTENCE}\n{OWN[0]}\n{SENTENCE}", SENTENCE
    found = align([("a", "b")], {"a": whole("a", left), "b": whole("b", right)})
    assert [p.a_start for p in found] == [0, len(SENTENCE) + len(OWN[0]) + 2]


def test_offsets_count_code_points():
    """Emoji and accents in front do not move a span."""
    left = f"😀 Café ﬁnale — {SENTENCE}"
    assert shared(left, SENTENCE)[0][0].startswith("Inspectors")


def test_han_needs_more_characters_than_words():
    """Twelve Han characters weigh six words: a clause is a passage, a name is not."""
    clause = "检查人员在三艘渡轮的船体上发现裂缝"
    assert shared(f"今天上午{clause}", f"{clause}，公司说")[0][0].startswith("检查人员")
    assert shared("外交部长王小明今天到达", "记者问外交部长王小明") == []


@pytest.mark.parametrize("body", ["", "storm", "the of and", "\n\n", "\x00"])
def test_texts_without_content_share_nothing(body: str):
    """Empty and one-word texts align with nothing, themselves included."""
    assert shared(body, body) == []
    assert shared(body, SENTENCE) == []


def test_pairs_of_unknown_articles_are_left_out():
    """A pair whose text was not given, and a pair of one article, give nothing."""
    texts = {"a": whole("a", SENTENCE)}
    assert align([("a", "b"), ("a", "a")], texts) == []
    assert align([], {}) == []


def test_a_megabyte_against_itself_is_one_passage_a_line():
    """Long texts are no special case, nor is a shingle repeated without end."""
    words = " ".join(f"word{i}x" for i in range(60_000))
    assert len(shared(words, words)) == 1
    assert shared("storm " * 20_000, "storm " * 20_000) == []
    changed = " ".join(f"word{i}x" if i % 9 else f"other{i}x" for i in range(9_000))
    assert len(shared(words, changed)) == 1


pieces = st.sampled_from(
    [
        SENTENCE,
        *OWN,
        SENTENCE.replace("three", "four"),
        SENTENCE + " " + OWN[0],
        SENTENCE[:60],
        "部长说大桥关闭" * 3,
        "Café ﬁnale 😀",
    ]
)
bodies = st.lists(pieces, max_size=5).map("\n".join)


@settings(max_examples=100)
@given(st.lists(bodies, min_size=2, max_size=4), st.randoms(use_true_random=False))
def test_order_and_company_of_pairs_do_not_matter(drawn: list[str], random: Random):
    """Shuffled, turned and repeated pairs give the same list; each pair has what it has alone."""
    texts = {f"t{i}": whole(f"t{i}", body) for i, body in enumerate(drawn)}
    pairs = list(combinations(texts, 2))
    expected = align(pairs, texts)
    turned = [(b, a) for a, b in pairs] + pairs
    random.shuffle(turned)
    assert align(turned, texts) == expected
    alone: list[Passage] = []
    for pair in pairs:
        alone += align([pair], texts)
    assert alone == expected
    for passage in expected:
        a, b = texts[passage.article_a].body, texts[passage.article_b].body
        left, right = a[passage.a_start : passage.a_end], b[passage.b_start : passage.b_end]
        assert left
        assert right
        assert "\n" not in left + right
        assert passage.matched_words >= MIN_WHOLE_LINE_WORDS


ROW = "Net profit 2,463,000 crowns against 3,718,000 last year"


def headed(article_id: str, prose: str, heading: str) -> ComparisonText:
    """A line of prose and a heading under it."""
    start = len(prose) + 1
    body = f"{prose}\n{heading}"
    return ComparisonText(
        article_id, body, ((0, len(prose)),), headings=((start, start + len(heading)),)
    )


@pytest.mark.parametrize(
    ("other", "found"),
    [
        (ROW, True),
        (ROW.replace("3,718", "3,719"), False),
        (f"{ROW} and after tax", False),
        ("Net profit of crowns", False),
    ],
)
def test_a_heading_counts_whole_and_unchanged_between_copies(other: str, *, found: bool):
    """Another figure or another word, and it is a row of the same kind and no copy."""
    texts = {"a": headed("a", SENTENCE, ROW), "b": headed("b", SENTENCE, other)}
    alone, rows = align([("a", "b")], texts), align([("a", "b")], texts, {("a", "b")})
    assert [texts["a"].body[p.a_start : p.a_end] for p in alone] == [SENTENCE.rstrip(".")]
    assert [texts["a"].body[p.a_start : p.a_end] for p in rows[1:]] == [ROW] * found
    assert all(p.kind is PassageKind.VERBATIM for p in rows)


def test_two_runs_of_a_heading_are_no_passage_either():
    """Long ones, far apart: the line as a whole is another."""
    one = (
        "ferry fares rise again while harbour crews wait",
        "boats remain tied beside northern piers until winter",
    )
    between = (
        "yesterday mayors argued over budgets nobody wanted",
        "tomorrow bakers celebrate prizes judges awarded late",
    )
    texts = {
        name: headed(name, SENTENCE, f"{one[0]} {middle} {one[1]}")
        for name, middle in zip("ab", between, strict=True)
    }
    prose = {name: whole(name, text.body) for name, text in texts.items()}
    assert len(align([("a", "b")], prose, {("a", "b")})) == 3
    assert len(align([("a", "b")], texts, {("a", "b")})) == 1


def test_a_heading_here_may_be_prose_there():
    """One desk's line is judged by its neighbours, the other's by others."""
    texts = {"a": headed("a", SENTENCE, ROW), "b": whole("b", f"{SENTENCE}\n{ROW}")}
    assert len(align([("a", "b")], texts, {("a", "b")})) == 2
    assert len(align([("a", "b")], texts)) == 1


@pytest.mark.parametrize("heading", [ROW, "ferry fares rise again as ferry fares rise again"])
def test_headings_count_between_the_copies_of_a_call_alone(heading: str):
    """Nor do they change what is found of two others, one of which is a copy of somebody."""
    texts = {
        "a": headed("a", SENTENCE, heading),
        "b": headed("b", SENTENCE, heading),
        "c": whole("c", f"{SENTENCE}\n{heading}"),
    }
    pairs = list(combinations(texts, 2))
    found = align(pairs, texts, {("a", "b")})
    assert [(p.article_a, p.article_b) for p in found] == [
        ("a", "b"),
        ("a", "b"),
        ("a", "c"),
        ("b", "c"),
    ]


def test_a_heading_that_is_repeated_hides_no_words_of_the_prose():
    """An expression that is too frequent to anchor anything is counted in what is compared."""
    core = "cracks in the hulls of three boats that link the halves"
    line = f"{OWN[0]} They told of {core} there."
    one, other = whole("a", line), headed("b", f"{OWN[1]} She wrote of {core} here.", core)
    starts = [len(other.body) + 1 + n * (len(core) + 1) for n in range(12)]
    body = "\n".join([other.body, *[core] * 12])
    many = replace(other, body=body, headings=tuple((at, at + len(core)) for at in starts))
    texts = {"a": one, "b": many, "c": replace(many, article_id="c")}
    alone = align([("a", "b")], texts)
    assert len(alone) == 1
    assert align([("a", "b"), ("b", "c")], texts, {("b", "c")})[:1] == alone


@pytest.mark.parametrize(
    "names",
    [
        "President Marian Holloway and Harland Prime Minister Ruth Adeyemi",
        "Deputy Attorney General Joan Marsh and Port Ellis Police Chief Ken Tanaka",
    ],
)
def test_names_with_their_titles_are_no_passage(names: str):
    """Everyone who was there has them in a row; with something said between them it is one."""
    left = f"Reporters waited for {names} on the quay until dusk."
    right = f"A dinner was given by {names} for two hundred guests."
    assert shared(left, right) == []
    told = " signed a treaty that ends the dispute over herring"
    found = shared(left.replace(" on the quay", told), right.replace(" for two hundred", told))
    assert len(found) == 1


def test_capitals_that_are_the_rule_are_no_names():
    """A text that is set in capitals, as old services sent theirs."""
    core = "cracks in the hulls of three boats that link the halves"
    assert (
        len(shared(f"{OWN[0]} They found {core} today.", f"{OWN[1]} She saw {core} herself.")) == 1
    )
    left, right = (
        f"{OWN[0]} They found {core} today.".upper(),
        f"{OWN[1]} She saw {core} herself.".upper(),
    )
    assert len(shared(left, right)) == 1
