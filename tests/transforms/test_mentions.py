"""Agencies that are named and not credited: what looks like a credit, wherever it stands in a text."""

from __future__ import annotations

from pathlib import Path

import pytest

from transforms.agencies import Credits, find_evidence, parse_agencies, roles

RULES = parse_agencies(
    (Path(__file__).resolve().parents[2] / "seeds" / "agencies.csv").read_text(encoding="utf-8")
)
PROSE = (
    "The council voted on Tuesday to repair the harbour wall after months of debate about its cost.",
    "Residents had asked for a deeper basin and quieter nights, and the mayor promised both by spring.",
    "Work begins in March and is expected to take eleven months, officials said on Wednesday.",
)


def credited(
    *lines: str, bylines: tuple[str, ...] = (), structured: tuple[tuple[str, str], ...] = ()
) -> dict[str, str]:
    """The roles of agencies on a page of an outlet with these paragraphs."""
    page = Credits(
        host="post.example",
        canonical_url=None,
        structured=structured,
        bylines=bylines,
        body="\n".join(lines),
        headline="Harbour wall to be repaired",
    )
    return {agency_id: level.value for agency_id, level in roles(find_evidence(RULES, page))}


@pytest.mark.parametrize("place", ["first", "between", "last"])
@pytest.mark.parametrize(
    "line",
    [
        # what somebody told, counted, saw
        "The AP reported on Monday that the wall had cracked in two places.",
        "A Reuters poll of economists had forecast growth of 2 percent for the quarter.",
        "Reuters could not independently verify the footage that was posted on Sunday.",
        "An AFP photographer saw smoke over the port; an AP reporter heard three blasts.",
        "The deal was reported earlier by Bloomberg.",
        "(The AP's Jane Doe asked the first question at the news conference on Monday.)",
        "According to documents seen by Reuters (and later by AFP), the sum was 40 million.",
        "Das teilte die Polizei der dpa mit.",
        "« Rien n'est décidé », a-t-il dit à l'AFP.",
        "«No hay acuerdo», dijo a Efe una fuente diplomática.",
        "Об этом сообщает ТАСС.",
        "据新华社报道，会议在周二举行。",
        "وقال المتحدث لوكالة فرانس برس إن المحادثات فشلت.",
        # codes that are something else
        "SCRANTON, PA — Lawmakers met on Tuesday to talk about the budget and went home.",
        "Paul Smith (PA) and Ann Doe (OH) led the field after two rounds of the open.",
        "The Aam Aadmi Party (AAP) won 62 of 70 seats in Delhi.",
        "The American Psychological Association (APA) revised its guidance on Monday.",
        "She took AP classes (AP) in history and chemistry and passed them all with honours.",
        "EFE, the bear that escaped from the zoo, was caught on Friday.",
        # companies, brands, books of rules
        "Thomson Reuters shares rose 3 percent after the company raised its outlook.",
        "The Associated Press Stylebook changed its rule on hyphens, editors said on Friday.",
        "Reuters contributed 12 percent of the group's revenue in 2020.",
        # pictures, charts, surveys, what else there is to see
        "FILE - In this June 3 photo, a boat leaves the harbour. (AP Photo/Pat Poe)",
        "The photo, copyright Reuters, shows the wall in March.",
        "Source: Reuters/Ipsos poll of 1,005 adults, Dec 2021.",
        "Data source: AP VoteCast survey of more than 110,000 voters",
        "Watch the Reuters video above for more of the story.",
        # words of a closing line that close nothing
        "Its reporting by satellite link was cut; editing by hand took days.",
        "He contributed to this report to parliament, the AP learned on Friday.",
    ],
)
def test_a_mention_is_no_credit(line: str, place: str) -> None:
    """As the first paragraph, between two, and as the last."""
    before = {"first": 0, "between": 1, "last": 3}[place]
    assert credited(*PROSE[:before], line, *PROSE[before:]) == {}


@pytest.mark.parametrize(
    "byline",
    [
        "Photograph: Jane Doe/Reuters",
        "Photographer Jane Doe, AP",
        "picture alliance/dpa",
        "Tanya Efe",
        "Ansa Latif",
        "Jane Doe, former Reuters correspondent",
        "By Staff and wire reports",
    ],
)
def test_who_took_the_picture_or_has_such_a_name_is_no_agency(byline: str) -> None:
    """As a printed byline, and as the author a page declares."""
    assert credited(*PROSE, bylines=(byline,)) == {}
    assert credited(*PROSE, structured=(("json_ld_author", byline),)) == {}


@pytest.mark.parametrize(
    ("first", "agency_id"),
    [
        ("Bern (sda) ", "keystone_sda"),
        ("Berlin (dpa/tmn) - ", "dpa"),
        ("KYIV, Ukraine (AP) _ ", "ap"),
        ("NEW DELHI: (PTI) ", "pti"),
        ("MOSCOW, December 23. /TASS/. ", "tass"),
    ],
)
def test_datelines_of_their_own_kind(first: str, agency_id: str) -> None:
    """A small code needs no dash."""
    assert credited(first + PROSE[0], *PROSE[1:]) == {agency_id: "owner"}


@pytest.mark.parametrize(
    "last",
    [
        "This story includes reporting by The Associated Press.",
        "Information from the Associated Press was used in this report.",
    ],
)
def test_reporting_by_an_agency_is_shared(last: str) -> None:
    """Whichever word the note joins it with."""
    assert credited(*PROSE, last) == {"ap": "shared"}
