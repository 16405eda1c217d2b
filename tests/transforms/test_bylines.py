"""Bylines: people and organisations kept, roles, places and addresses removed, capitals tamed."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from transforms.bylines import parse_byline
from transforms.records import Author


def names(raw: str) -> list[str]:
    """The names of a byline."""
    return [author.name for author in parse_byline(raw)]


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("By JANE DOE, Associated Press", ["Jane Doe", "Associated Press"]),
        ("Jane Doe and John Roe", ["Jane Doe", "John Roe"]),
        (
            "By Jane Doe, John Roe and Max Poe, Reuters",
            ["Jane Doe", "John Roe", "Max Poe", "Reuters"],
        ),
        ("Jane Doe; John Roe | Max Poe", ["Jane Doe", "John Roe", "Max Poe"]),
        ("Jane Doe & John Roe", ["Jane Doe", "John Roe"]),
        ("Von Anna Müller und Karl-Heinz Öztürk", ["Anna Müller", "Karl-Heinz Öztürk"]),
        ("Par Zoé Petit et Jean Dupont", ["Zoé Petit", "Jean Dupont"]),
        ("Por María López y José García", ["María López", "José García"]),
        ("Por Ana Silva e João Souza", ["Ana Silva", "João Souza"]),
        ("Di Mario Rossi e Anna Bianchi", ["Mario Rossi", "Anna Bianchi"]),
        ("文/王小明", ["王小明"]),
        ("Le Figaro avec AFP", ["Le Figaro", "AFP"]),
        ("Anna Beispiel mit dpa", ["Anna Beispiel", "dpa"]),
        ("AFP/Jane Doe", ["AFP", "Jane Doe"]),
        ("Jane Doe (AP)", ["Jane Doe", "AP"]),
        ("Jane Doe of The Associated Press", ["Jane Doe", "Associated Press"]),
        ("Jane Doe for Reuters", ["Jane Doe", "Reuters"]),
        ("By JANE DOE and JOHN ROE Associated Press", ["Jane Doe", "John Roe", "Associated Press"]),
        ("By Jane DoeThe Associated Press", ["Jane Doe", "Associated Press"]),
    ],
)
def test_names_are_parted(raw: str, expected: list[str]) -> None:
    """Commas, "and" in several languages, "with", slashes and parentheses part names."""
    assert names(raw) == expected


@pytest.mark.parametrize(
    "raw",
    [
        "Johnson & Johnson",
        "Procter & Gamble Co.",
        "Smith & Wesson",
        "Department of Health and Human Services",
        "Agence France-Presse",
        "The Associated Press",
        "BBC News",
        "dpa",
        "AFP",
        "Condé Nast",
        "European Space Agency",
        "Mr. Fritz von der Heide",
        "Jean-Claude van den Berg",
        "Martin Luther King Jr.",
    ],
)
def test_one_name_stays_whole(raw: str) -> None:
    """Company names with "&", agencies and people keep their name and their case."""
    assert names(raw) == [raw]


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("Jane Doe, Senior Political Correspondent", ["Jane Doe"]),
        ("Senior Political Correspondent Jane Doe", ["Jane Doe"]),
        ("By Jane Doe, AP Science Writer", ["Jane Doe", "AP"]),
        ("Jane Doe, Ap Auto Writer", ["Jane Doe", "AP"]),
        ("Jane Doe, CNN Editor-at-large", ["Jane Doe", "CNN"]),
        ("Associated Press writer", ["Associated Press"]),
        ("Reuters Staff", ["Reuters"]),
        ("View all posts by Jane Doe", ["Jane Doe"]),
        ("Jane Doe jane.doe@courier.example @janedoe", ["Jane Doe"]),
        ("Jane Doe https://courier.example/jane", ["Jane Doe"]),
        ("By Jane Doe in London and John Roe in Paris", ["Jane Doe", "John Roe"]),
        ("By Jane Doe | June 1, 2019 at 12:36 am", ["Jane Doe"]),
        ("By Jane Doe Updated 10:20", ["Jane Doe"]),
        ("19 NOV 2019 by Jane Doe", ["Jane Doe"]),
        ("Jane Doe, PhD", ["Jane Doe"]),
        ("Jane Doe, MS, RDN", ["Jane Doe"]),
        ("Jane Doe Jane Doe", ["Jane Doe"]),
        ("Jane Doe, Jane Doe", ["Jane Doe"]),
        ("By Jane Doe 2 min read", ["Jane Doe"]),
        ("By Jane Doe About Jane Doe Follow Jane Doe on Twitter", ["Jane Doe"]),
        ("<b>Jane Doe</b>&nbsp;", ["Jane Doe"]),
        ("Doe, Jane", ["Jane Doe"]),
        ("Reuters, AFP", ["Reuters", "AFP"]),
    ],
)
def test_what_is_no_name_goes(raw: str, expected: list[str]) -> None:
    """Roles, addresses, handles, dates, places, degrees and buttons are removed."""
    assert names(raw) == expected


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("PATRICK O'BRIEN-MCKAY", "Patrick O'Brien-McKay"),
        ("JD VANCE", "JD Vance"),
        ("J.K. ROWLING", "J.K. Rowling"),
        ("LUDWIG VAN BEETHOVEN", "Ludwig van Beethoven"),
        ("ÉMILE ÖZTÜRK", "Émile Öztürk"),
        ("Jean DUPONT", "Jean Dupont"),
        ("ASSOCIATED PRESS", "Associated Press"),
        ("Ronan McDonald", "Ronan McDonald"),
        ("bell hooks", "bell hooks"),
        ("Sandee LaMotte", "Sandee LaMotte"),
    ],
)
def test_capitals(raw: str, expected: str) -> None:
    """Names printed in capitals get the usual case; any other case is the author's own."""
    assert names(raw) == [expected]


@pytest.mark.parametrize(
    "raw",
    [
        "",
        "   ",
        ",",
        "Staff Writer",
        "By Staff Reports",
        "admin",
        "@janedoe",
        "Journalist",
        "12:30",
        "jane@courier.example",
    ],
)
def test_nobody(raw: str) -> None:
    """A byline of roles, addresses or punctuation names nobody."""
    assert names(raw) == []


def test_raw_is_the_byline_as_printed() -> None:
    """Every author carries the whole byline it was read from."""
    assert parse_byline(" By Jane Doe  and AFP") == (
        Author("Jane Doe", " By Jane Doe  and AFP"),
        Author("AFP", " By Jane Doe  and AFP"),
    )


pieces = st.sampled_from(
    [
        "Jane Doe",
        "JOHN ROE",
        "AFP",
        " and ",
        ", ",
        "By ",
        " / ",
        "(",
        ")",
        "&",
        "@",
        "Staff",
        " in Paris",
        "\n",
        "et",
        "Jr.",
        "é",
    ]
)


@settings(max_examples=200, deadline=None)
@given(st.one_of(st.text(max_size=80), st.lists(pieces, max_size=14).map("".join)))
def test_never_raises_and_names_are_clean(raw: str) -> None:
    """Any text gives unique, non-empty names without line ends or white space around them."""
    found = names(raw)
    assert all(name and name == " ".join(name.split()) for name in found)
    assert len({name.casefold() for name in found}) == len(found)


@settings(max_examples=50, deadline=None)
@given(
    st.lists(
        st.sampled_from(["Jane Doe", "John Roe", "Max Poe", "Zoé Petit"]),
        min_size=1,
        max_size=4,
        unique=True,
    )
)
def test_joined_names_come_apart_again(people: list[str]) -> None:
    """Names joined as English desks join them are found again, in order."""
    joined = ", ".join(people[:-1]) + (" and " if len(people) > 1 else "") + people[-1]
    assert names(f"By {joined}") == people
