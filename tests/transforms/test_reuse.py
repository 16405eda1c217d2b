"""The decision for a pair: what is a copy, what an excerpt, and what merely looks alike."""

from datetime import UTC, datetime, timedelta
from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.fingerprint import fingerprint
from transforms.records import ComparisonText, Match, MatchKind
from transforms.reuse import WINDOW_DAYS, are_copies, match_pairs, within_window

NOON = datetime(2024, 5, 3, 12, tzinfo=UTC)
WIRE = [
    (
        "PORT ELLIS (Northern Press) - The ferry company that links the two halves of Port Ellis "
        "stopped all crossings on Thursday after inspectors found cracks in the hulls of three boats."
    ),
    (
        "Harbour master Ruth Adeyemi said the boats would stay at the pier until engineers from the "
        "yard had tested every weld, which could take as long as two weeks."
    ),
    (
        "About 14,000 commuters use the crossing on a working day, and the road around the bay adds "
        "forty minutes to the journey, according to the regional transport authority."
    ),
    (
        "The company blamed a batch of poor steel delivered in 2019, while the sailors' union accused "
        "managers of ignoring warnings that crews had written into the logbooks since last autumn."
    ),
    (
        "Bus operators promised extra services from Friday morning, and the council opened two car "
        "parks near the northern terminal free of charge."
    ),
    (
        "An older boat, the Marigold, was towed out of the museum dock to carry medical staff and "
        "patients, with room for sixty people and no cafeteria."
    ),
]


def shingles_of(**bodies: str) -> dict[str, np.ndarray]:
    """The shingles of texts by article id."""
    texts = []
    for article_id, body in bodies.items():
        spans, at = [], 0
        for line in body.split("\n"):
            spans.append((at, at + len(line)))
            at += len(line) + 1
        texts.append(ComparisonText(article_id, body, tuple(spans)))
    return {mark.article_id: mark.shingles for mark in fingerprint(texts)}


def relation(left: str, right: str) -> MatchKind | None:
    """What two texts are to each other; None where they do not match."""
    found = match_pairs([("a", "b")], shingles_of(a=left, b=right))
    return found[0].kind if found else None


def restyled(text: str) -> str:
    """A text in another house style."""
    return text.replace("'", "’").replace(" - ", " — ").replace("14,000", "14.000")


EDITS = "same reordered cut_end cut_start local restyled numbers framed small_words"
LOCAL = (
    "Readers of the Courier told us yesterday how they now cycle to the hospital at dawn.\n"
    "Our reporter counted ninety cars in the queue outside the bakery on Quay Street."
)


@pytest.mark.parametrize(
    "copy",
    [
        "\n".join(WIRE),
        "\n".join(reversed(WIRE)),
        "\n".join(WIRE[:4]),
        "\n".join(WIRE[2:]),
        "\n".join([*WIRE[:3], LOCAL, *WIRE[3:]]),
        restyled("\n".join(WIRE)),
        "\n".join(WIRE).replace("14,000", "15,200").replace("sixty", "seventy"),
        "By our own staff\n" + "\n".join(WIRE).upper() + "\nPhoto: the pier at night",
        "\n".join(WIRE).replace("that ", "").replace("the ", ""),
    ],
    ids=EDITS.split(),
)
def test_what_a_desk_does_to_wire_copy_stays_a_copy(copy: str):
    """Cuts, reordering, inserts, house style, new figures and frames do not hide a copy."""
    assert relation("\n".join(WIRE), copy) is MatchKind.NEAR_DUPLICATE


def test_a_stub_is_an_excerpt():
    """A fifth of the text is contained in the whole and no copy of it."""
    assert relation("\n".join(WIRE), WIRE[0]) is MatchKind.EXCERPT


TEMPLATES = {
    "weather": (
        (
            "Mostly cloudy with a chance of rain in the {} tonight. Low {} degrees with winds from the "
            "{} at {} miles an hour. Sunrise is at {} and the pollen count is {}."
        ),
        ("valley", "41", "north", "12", "6:12", "low"),
        ("hills", "55", "west", "25", "7:03", "high"),
    ),
    "score": (
        (
            "{} beat {} {} on Saturday as {} scored twice before a crowd of {}. Coach {} praised the "
            "defence and said the team must now prepare for {} next week."
        ),
        ("Rovers", "Athletic", "3-1", "Okafor", "4,210", "Lindqvist", "United"),
        ("Harriers", "Wanderers", "2-0", "Moreau", "11,873", "Pereira", "Albion"),
    ),
    "obituary": (
        (
            "{}, {}, of {}, died {} at {}. Visitation will be held on {} at the {} funeral home, and "
            "memorial gifts may be made to {}. Survivors include {}."
        ),
        (
            "Ada Finch",
            "91",
            "Elm Creek",
            "Monday",
            "home",
            "Friday",
            "Doyle",
            "the library",
            "Joan",
        ),
        ("Carl Boone", "77", "Salt Fork", "Sunday", "Mercy", "Tuesday", "Ames", "the zoo", "Peter"),
    ),
    "market": (
        (
            "The {} index closed {} points higher at {} as {} shares led gains. {} rose {} percent "
            "while {} slipped. The {} was little changed against the dollar."
        ),
        ("northern", "41.2", "7,312", "mining", "Corvane", "3.1", "Delphex", "crown"),
        ("southern", "9.8", "2,040", "banking", "Ostler", "1.4", "Brightwell", "peso"),
    ),
}


@pytest.mark.parametrize("name", TEMPLATES)
def test_one_template_with_other_content_is_no_match(name: str):
    """Weather, scores, obituaries and markets share their frame and nothing else."""
    frame, first, second = TEMPLATES[name]
    assert relation(frame.format(*first), frame.format(*second)) is None


def test_the_same_event_reported_twice_is_no_match():
    """Two reporters with the same facts and the same quotation, each in their own words."""
    left = (
        "The mayor told reporters the tunnel would open in March. “You cannot rush concrete,” she "
        "said. The project is two years late and cost 90 million crowns more than planned."
    )
    right = (
        "Asked when the delayed tunnel will be ready, the mayor promised March: “Concrete is not a "
        "thing one can hurry.” Costs have risen by 90 million crowns since work began."
    )
    assert relation(left, right) is None


def test_figures_of_a_match():
    """Containments and resemblance are the shares of the definition, on the right sides."""
    shingles = {
        "b": np.arange(20, dtype=np.uint64),
        "a": np.arange(4, 84, dtype=np.uint64),
    }
    assert match_pairs([("b", "a")], shingles) == [
        Match("a", "b", 16 / 84, 16 / 80, 16 / 20, MatchKind.EXCERPT)
    ]


def test_few_common_shingles_are_no_match():
    """Two tiny texts that agree on three shingles are not enough to judge by."""
    assert match_pairs([("a", "b")], {name: np.arange(3, dtype=np.uint64) for name in "ab"}) == []


def test_empty_missing_and_self_pairs_are_left_out():
    """A text without shingles, one that was not fetched, and a pair with itself give nothing."""
    shingles = {"a": np.arange(9, dtype=np.uint64), "b": np.empty(0, dtype=np.uint64)}
    assert match_pairs([("a", "b"), ("a", "c"), ("a", "a")], shingles) == []


sets = st.lists(
    st.sets(st.integers(0, 40), max_size=30).map(
        lambda values: np.array(sorted(values), dtype=np.uint64)
    ),
    min_size=2,
    max_size=5,
)


@given(sets, st.randoms(use_true_random=False))
def test_the_order_of_pairs_and_sides_does_not_matter(values: list[np.ndarray], random: Random):
    """Shuffled, turned and repeated pairs give the same list; each match is that of its pair."""
    shingles = {f"id{i}": value for i, value in enumerate(values)}
    pairs = [(a, b) for a in shingles for b in shingles if a < b]
    expected = match_pairs(pairs, shingles)
    turned = [(b, a) for a, b in pairs] + pairs
    random.shuffle(turned)
    assert match_pairs(turned, shingles) == expected
    for match in expected:
        assert match_pairs([(match.article_a, match.article_b)], shingles) == [match]
        a = set(shingles[match.article_a].tolist())
        b = set(shingles[match.article_b].tolist())
        assert match.resemblance == len(a & b) / len(a | b)


def test_the_window_is_symmetric_and_open_for_unknown_dates():
    """Seven days inclusive, either way round; an unknown date excludes nothing."""
    edge = NOON + timedelta(days=WINDOW_DAYS)
    assert within_window(NOON, edge)
    assert within_window(edge, NOON)
    assert not within_window(NOON, edge + timedelta(seconds=1))
    assert within_window(None, NOON)
    assert within_window(NOON, None)


def test_a_text_that_stands_nearly_whole_in_another_is_a_copy_from_three_tenths():
    """A pair with as little in common that differs on both sides is an update, not a copy."""
    sizes = np.array(
        [[50, 100, False], [40, 100, True], [41, 120, False], [36, 100, True], [35, 100, False]]
    )
    shared = np.array([36, 37, 41, 36, 35])
    found = are_copies(shared, sizes[:, 0], sizes[:, 1])
    # 30 of 100 beyond chance, but 36 of 50: no; 31 of 100 and 37 of 40: yes; 35 of 120: no; 30 of 100
    # and all: yes; 29 of 100: no.
    assert found.tolist() == sizes[:, 2].astype(bool).tolist()
    assert not are_copies(np.array([6]), np.array([6]), np.array([6])).any(), "chance"
