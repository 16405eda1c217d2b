"""The five sample texts that lie beside the repository: what is read from each."""

from __future__ import annotations

from pathlib import Path

import pytest

from transforms.agencies import Credits, find_evidence, parse_agencies, roles
from transforms.plaintext import PlainText, read_plain_text
from transforms.records import Level

ROOT = Path(__file__).parents[2]
SEEDS = ROOT / ".." / "shared" / "seeds"
RULES = parse_agencies((ROOT / "seeds" / "agencies.csv").read_text(encoding="utf-8"))

pytestmark = [
    pytest.mark.eval,
    pytest.mark.skipif(not SEEDS.is_dir(), reason="the sample texts are not beside the repository"),
]

HEADLINES = {
    "000": "'Armed conflicts",
    "001": "Russia doesn't want",
    "002": "Putin says Russia",
    "003": "Putin says U.S.",
    "004": "Putin Wants NATO",
}

# The beginnings of the lines that are no prose: dropped from the body, or kept for readers only.
DROPPED = {
    "000": [],
    "001": ["Rate this", "(0 votes", "HOW TO", "103.5", "Online", "Mobile", "Smart"],
    "002": ["IE 11", "Get more"],
    "003": [
        "• VideoTrudeau",
        "• Russia, U.S.",
        "16 hours",
        "• Anand",
        "• Russia moving",
        "• PhotosRes",
        "• Russia now",
    ],
    "004": [],
}
READ_ONLY = {
    "000": [
        "ITV News Correspondent",
        "Satellite images",
        "Ukrainian President Volodymyr Zelenskyy, right",
        "US Secretary of State Anthony",
    ],
    "001": [
        "Putin says NATO",
        "Russia-Ukraine border",
        "Russian leader says West",
        "Putin says Russia is not",
    ],
    "002": ["A Ukrainian soldier"],
    "003": [
        "Meeting with",
        "Hungary's Prime",
        "'Candid'",
        "Russia, Ukraine tensions",
        "British, Polish",
        "British Prime Minister Boris Johnson attends",
    ],
    "004": [
        "For more reporting",
        "Putin Issues",
        "Russian President Vladimir Putin said Wednesday that Moscow wants to work out agreements with the U.S. and its allies that would bar NATO from expanding eastward and deploying weapons near Russian territory. Putin speaks",
        "Russia-Ukraine Conflict",
        "Concerns have been",
    ],
}


def lines_of(number: str) -> list[str]:
    """The non-empty lines of a sample, white space collapsed."""
    path = next(SEEDS.glob(f"{number}_*.txt"))
    text = path.read_text(encoding="utf-8")
    return [" ".join(line.split()) for line in text.split("\n") if line.strip()]


def read(number: str) -> PlainText:
    """One sample, read."""
    path = next(SEEDS.glob(f"{number}_*.txt"))
    return read_plain_text(path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("number", HEADLINES)
def test_headline(number: str) -> None:
    """The headline is the right line, which for one sample is not the first, and is not in the body."""
    headline = read(number).headline
    assert headline.startswith(HEADLINES[number])
    assert headline == lines_of(number)[1 if number == "002" else 0]
    assert headline not in read(number).body.split("\n")


@pytest.mark.parametrize("number", HEADLINES)
def test_date_and_byline(number: str) -> None:
    """One sample has a date line; no date inside a sentence is taken for one."""
    assert read(number).date_raw == ("December 23, 2021" if number == "001" else None)
    assert read(number).byline is None


@pytest.mark.parametrize("number", HEADLINES)
def test_every_line_is_judged_right(number: str) -> None:
    """Furniture is gone, captions and headings are read only, and all other lines are prose."""
    article = read(number)
    body = article.body.split("\n")
    prose = [article.body[start:end] for start, end in article.prose]
    for line in lines_of(number):
        if line in {article.headline, article.date_raw}:
            continue
        if any(line.startswith(start) for start in DROPPED[number]):
            assert line not in body, line
        elif any(line.startswith(start) for start in READ_ONLY[number]):
            assert line in body, line
            assert line not in prose, line
        else:
            assert line in prose, line


@pytest.mark.parametrize("number", HEADLINES)
def test_agencies(number: str) -> None:
    """One sample reprints an agency; photo credits and mentions in the others give no role."""
    article = read(number)
    evidence = find_evidence(RULES, Credits(None, None, (), (), article.body, article.headline))
    assert roles(evidence) == ((("ap", Level.SHARED),) if number == "004" else ())
