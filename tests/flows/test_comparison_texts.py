"""What must match and what must not, through the tables: each case in weeks of its own.

The cases of a group are loaded in one batch, further apart in time than articles are compared, so
none can meet another.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path

import pytest

from tests.flows.comparing import NOON, Article, Desk, comparison_text, invented
from transforms.fingerprint import fingerprint
from transforms.reuse import CHANCE_SHINGLES, CONTAINED_OVERLAP, WINDOW_DAYS

WIRE = [
    (
        "BRANT HARBOUR (Meridian Press) - The company that runs the only lift to the upper town of "
        "Brant Harbour closed it on Tuesday after a cable inspector found eleven broken strands."
    ),
    (
        "Deputy mayor Ilse Okonjo-Brandt said the 42-year-old lift would stay shut until a new cable "
        "arrives from a mill on the mainland, which the supplier expects in about three weeks."
    ),
    (
        "“Nobody wants to carry shopping up four hundred steps, but nobody wants to fall either,” "
        "she told residents who had gathered at the lower station with prams and bicycles."
    ),
    (
        "About 3,200 people ride the lift on a weekday, according to figures published by the port "
        "authority, and the number doubles when cruise ships are in the roads."
    ),
    (
        "The union of lift attendants said its members had reported grinding noises since February "
        "and that a repair planned for the spring was put off because a grant came late."
    ),
    (
        "Owners of cafes on the upper square fear for the season; one of them, Tomas Weir, said he "
        "had cancelled orders worth 1,850 crowns and would open only at weekends."
    ),
    (
        "A mule driver from the next valley has meanwhile offered to bring up luggage, an offer the "
        "council is studying, although the last mule left the steps in 1961."
    ),
    (
        "The lift was built in 1984 to replace a wooden funicular that burned down, and it has been "
        "out of service for longer than a day only twice, both times because of storms."
    ),
]
LOCAL = [
    "Our readers in Fennick know the trouble well: their own cableway stood still for a whole winter.",
    "Fennick's mayor told this newspaper yesterday that he would lend his colleague two minibuses.",
]


def _restyled(text: str) -> str:
    """In another house style: straight quotes, dashes, hyphens, spellings of figures."""
    styled = (
        text.replace("“", '"').replace("”", '"').replace(" - ", " — ").replace("3,200", "3.200")
    )
    return styled.replace("Okonjo-Brandt", "Okonjo‑Brandt").replace("42-year-old", "42 year old")


def _updated(text: str) -> str:
    for old, new in (
        ("eleven", "fourteen"),
        ("3,200", "3,450"),
        ("1,850", "2,100"),
        ("three weeks", "five weeks"),
        ("four hundred", "412"),
    ):
        text = text.replace(old, new)
    return text


MUST: dict[str, list[str]] = {
    "word for word": WIRE,
    "without its last paragraph": WIRE[:-1],
    "cut in the middle of a sentence": "\n".join(WIRE)[:900].split("\n"),
    "its first half": WIRE[:4],
    "its last five paragraphs": WIRE[3:],
    "paragraphs cut here and there": [WIRE[0], *WIRE[2:4], *WIRE[6:]],
    "paragraphs reordered": [WIRE[n] for n in (0, 5, 2, 7, 1, 6, 3, 4)],
    "paragraphs in reverse": WIRE[::-1],
    "local paragraphs inserted": [WIRE[0], LOCAL[0], *WIRE[1:5], LOCAL[1], *WIRE[5:]],
    "caption and byline": [
        "By Ada Linnet and our correspondents in Brant Harbour",
        *WIRE[:3],
        "The lower station of the lift on Tuesday morning. Photograph: Ada Linnet",
        *WIRE[3:],
        "Editing by Joss Farrow",
    ],
    "restyled": [_restyled(line) for line in WIRE],
    "in capitals": [line.upper() for line in WIRE],
    "figures updated": [_updated(line) for line in WIRE],
    "another headline and summary": [
        "Four hundred steps to breakfast",
        "A broken cable leaves an island town without its lift.",
        *WIRE,
    ],
    "all of these": [
        "Four hundred steps to breakfast",
        "By Ada Linnet",
        *(_updated(_restyled(line)) for line in (WIRE[0], *WIRE[2:4], WIRE[1], WIRE[5], WIRE[7])),
        LOCAL[0],
    ],
}

MUST_NOT: dict[str, tuple[list[str], list[str]]] = {
    "weather": (
        [
            "Tonight mostly cloudy in the valley with a chance of showers after midnight, low near 41.",
            "Wednesday sunny and mild with a high of 63 and light winds from the north at 12 mph.",
            "Sunrise is at 6:12 and the pollen count is low; the river stands at 3.4 feet.",
        ],
        [
            "Tonight partly clear in the hills with a chance of snow before dawn, low near 19.",
            "Friday windy and cold with a high of 30 and strong gusts from the west at 35 mph.",
            "Sunrise is at 7:03 and the pollen count is high; the lake stands at 11.9 feet.",
        ],
    ),
    "scores": (
        [
            "Rovers beat Athletic 3-1 on Saturday as Okafor scored twice before a crowd of 4,210.",
            "Coach Lindqvist praised the defence and said the team must now prepare for United.",
            "The visitors had led through Marsh in the ninth minute but lost Bell to an injury.",
        ],
        [
            "Harriers beat Wanderers 2-0 on Saturday as Moreau scored twice before a crowd of 11,873.",
            "Coach Pereira praised the keeper and said the squad must now travel to Albion.",
            "The visitors had threatened through Kent in the opening hour but missed two penalties.",
        ],
    ),
    "obituaries": (
        [
            "Ada Finch, 91, of Elm Creek, died Monday at home.",
            "Visitation is Friday from 4 to 7 at Doyle Funeral Home; burial follows in Elm Cemetery.",
            "She taught mathematics for forty years and raised sheep with her late husband Walter.",
            "Survivors include her daughters Joan and Edith; memorial gifts may go to the library.",
        ],
        [
            "Carl Boone, 77, of Salt Fork, died Sunday at Mercy Hospital.",
            "Visitation is Tuesday from 2 to 5 at Ames Chapel; burial follows in Ridge Cemetery.",
            "He drove trucks across the border until 2009 and played trombone in the legion band.",
            "Survivors include his sons Peter and Miles; memorial gifts may go to the zoo.",
        ],
    ),
    "market reports": (
        [
            "The northern index closed 41.2 points higher at 7,312 as mining shares led gains.",
            "Corvane rose 3.1 percent after a takeover bid while Delphex slipped on weak orders.",
            "The crown was little changed against the dollar and copper touched a two-year high.",
        ],
        [
            "The southern index closed 9.8 points lower at 2,040 as banking shares led losses.",
            "Ostler fell 1.4 percent after a profit warning while Brightwell gained on strong sales.",
            "The peso was little changed against the euro and wheat touched a six-month low.",
        ],
    ),
    "one quotation translated twice": (
        [
            "President Halvard told parliament that the strait would stay open to every ship.",
            (
                "“We have not come to close doors. We have come to put a lock on those that stand open, "
                "and the key will lie on the table for anyone who knocks,” he said, in the northern "
                "language, to long applause."
            ),
            "Lawmakers of the opposition left the chamber before the vote on the budget.",
        ],
        [
            "The strait is not going to be shut to shipping, Halvard promised deputies on Monday.",
            (
                "“It is not our purpose to shut any door. Our purpose is that open doors should have "
                "locks; and whoever asks will find the key before him on the table,” the head of state "
                "declared, according to the palace's own translation."
            ),
            "Spending plans passed after several members walked out in protest.",
        ],
    ),
    "one event reported twice": (
        [
            "A freight train left the rails near Oster Mill on Sunday and spilled 300 tons of grain.",
            "No one was hurt, police chief Maren Toll said; the driver had braked for a cow.",
            "The line to the coast will be shut until Thursday, the railway said, and buses will run.",
            "Villagers came with buckets, and a priest blessed what he called an early harvest.",
        ],
        [
            "Three hundred tons of wheat lay across the fields at Oster Mill after Sunday's derailment.",
            (
                "According to Maren Toll, who heads the local police, nobody suffered injuries when the "
                "driver swerved his thoughts, if not his engine, around an animal."
            ),
            "Until Thursday passengers for the seaside must take a coach, the operator announced.",
            "By evening half the grain was gone, carried off in sacks, prams and one church font.",
        ],
    ),
    "two sites of one group": (
        [
            "The bakery on Quay Street will bake rye again after a pause of nine years.",
            "Its new owner, a former diver, found the recipe behind a loose tile in the cellar.",
            "Customers queued from five in the morning and the first loaves were gone by six.",
            "Subscribe tonight for unlimited stories, crosswords, recipes and podcasts.",
            "Follow our newsroom on every network you can think of and tell us what you saw.",
        ],
        [
            "A court in Fennick has fined a beekeeper whose swarm stopped a bicycle race.",
            "The judge said bees cannot be summoned but that their owner could have closed the hives.",
            "Riders had hidden in a bus shelter for an hour; nobody was stung more than twice.",
            "Subscribe tonight for unlimited stories, crosswords, recipes and podcasts.",
            "Follow our newsroom on every network you can think of and tell us what you saw.",
        ],
    ),
}

MEGABYTE = "\n".join(invented(f"long {number}", 40) for number in range(4200))
ODD = {
    "empty": "",
    "blank": "\n\n",
    "one word": "storm",
    "stopwords": "the of and it was with that\nbut not for this which they were",
    "few words": "Nothing new from the harbour today.",
    "nul": "\x00",
}


def _published(number: int) -> timedelta:
    return timedelta(days=number * (WINDOW_DAYS + 3))


def _loaded(home: Path, cases: Mapping[str, tuple[str, str]]) -> Desk:
    """Two articles for each case, "left ..." an hour before "right ..."."""
    desk = Desk(home)
    articles = []
    for number, (name, (left, right)) in enumerate(cases.items()):
        at = NOON + _published(number)
        articles += [
            Article(f"left {name}", left, f"post {name}", at),
            Article(f"right {name}", right, f"echo {name}", at + timedelta(hours=1)),
        ]
    desk.receive(*articles)
    return desk


def _pair(name: str) -> frozenset[str]:
    return frozenset((f"left {name}", f"right {name}"))


@pytest.fixture(scope="module")
def copies(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """The wire copy and what a desk made of it, for each way of editing."""
    cases = {name: ("\n".join(WIRE), "\n".join(body)) for name, body in MUST.items()}
    return _loaded(tmp_path_factory.mktemp("must"), cases)


@pytest.fixture(scope="module")
def strangers(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """Pairs that look alike and are of two authors."""
    cases = {name: ("\n".join(a), "\n".join(b)) for name, (a, b) in MUST_NOT.items()}
    return _loaded(tmp_path_factory.mktemp("must not"), cases)


@pytest.mark.parametrize("name", MUST)
def test_an_edited_copy_is_a_copy(copies: Desk, name: str) -> None:
    """A near-duplicate, in one cluster with its source, and with passages to show for it."""
    assert copies.matches()[_pair(name)] == "near_duplicate"
    assert _pair(name) in copies.clusters()
    assert len(copies.passages()[_pair(name)]) >= 4


@pytest.mark.parametrize("name", MUST)
def test_no_case_meets_another(copies: Desk, name: str) -> None:
    """Else a case could pass by what another one shares."""
    assert [pair for pair in copies.matches() if _pair(name) & pair] == [_pair(name)]
    assert [pair for pair in copies.passages() if _pair(name) & pair] == [_pair(name)]


@pytest.mark.parametrize("name", MUST_NOT)
def test_what_looks_alike_is_no_copy(strangers: Desk, name: str) -> None:
    """No match of any kind, and each article a cluster of its own."""
    assert _pair(name) not in strangers.matches()
    assert {f"left {name}"} in strangers.clusters()
    assert {f"right {name}"} in strangers.clusters()


@pytest.mark.parametrize("name", sorted(MUST_NOT.keys() - {"two sites of one group"}))
def test_what_looks_alike_has_no_passage(strangers: Desk, name: str) -> None:
    """A frame, a name with its titles and a thought in other words are nobody's copy."""
    assert _pair(name) not in strangers.passages()


def test_a_copy_cut_at_any_point_matches_down_to_the_limit(tmp_path: Path) -> None:
    """Cut after every few characters: a copy as long as enough is left (for all of it is in the whole),
    then an excerpt; every whole paragraph that is left is a passage to the end.
    """
    whole = "\n".join(WIRE)
    cuts = {f"{end}": (whole, whole[:end]) for end in range(120, len(whole), 45)}
    desk = _loaded(tmp_path, cuts)
    matches, passages = desk.matches(), desk.passages()
    full = _shingle_count(whole)
    for name, (_, cut) in cuts.items():
        beyond_chance = _shingle_count(cut) - CHANCE_SHINGLES
        if beyond_chance >= CONTAINED_OVERLAP * full + 2:
            assert matches.get(_pair(name)) == "near_duplicate", name
        elif beyond_chance < CONTAINED_OVERLAP * full - 2:
            assert matches.get(_pair(name), "excerpt") == "excerpt", name
        whole_lines = cut.count("\n")
        assert whole_lines <= len(passages[_pair(name)]) <= whole_lines + 1, name


def _shingle_count(body: str) -> int:
    return fingerprint([comparison_text(Article("any", body))])[0].shingles.size


def test_odd_texts_are_loaded_and_match_nothing(tmp_path: Path) -> None:
    """Empty, one word, stopwords alone, a line of five words: two of each, equal to the letter."""
    desk = Desk(tmp_path)
    articles = [
        Article(f"{side} {name}", body, side) for name, body in ODD.items() for side in ("a", "b")
    ]
    desk.receive(*articles)
    desk.receive(*articles[::2])

    assert (desk.matches(), desk.passages()) == ({}, {})
    assert sorted(map(sorted, desk.clusters())) == sorted([each.name] for each in articles)


def test_texts_of_one_line_and_of_a_megabyte_match_like_others(tmp_path: Path) -> None:
    """One line of the whole wire text; a text of 1.2 MB, its first half, and one of its lines."""
    one_line = " ".join(WIRE)
    half = MEGABYTE[: len(MEGABYTE) * 6 // 10]
    excerpt = f"{LOCAL[0]}\n{invented('long 2000', 40)}\n{LOCAL[1]}"
    assert len(MEGABYTE) > 1_000_000
    desk = Desk(tmp_path)
    desk.receive(
        Article("line", one_line, "a"),
        Article("line again", f"{one_line} {LOCAL[0]}", "b"),
        Article("long", MEGABYTE, "a"),
        Article("long again", half, "b", NOON + timedelta(hours=1)),
        Article("borrower", excerpt, "c", NOON + timedelta(hours=2)),
    )

    assert desk.matches() == {
        frozenset(("line", "line again")): "near_duplicate",
        frozenset(("long", "long again")): "near_duplicate",
    }
    passages = desk.passages()
    assert len(passages[frozenset(("line", "line again"))]) == 1
    assert len(passages[frozenset(("long", "long again"))]) == half.count("\n") + 1
    assert passages[frozenset(("long", "borrower"))] == [invented("long 2000", 40)]
