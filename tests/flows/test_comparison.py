"""What the comparison writes: bounded rows for what many share, furniture, firsts and origins."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import timedelta
from itertools import combinations
from pathlib import Path
from random import Random

import numpy as np
import pytest

from flows.compare import compare_stale
from tests.flows.comparing import NOON, Article, Desk, batches, invented, lines
from transforms.furniture import FURNITURE_CLUSTERS
from transforms.plaintext import body_spans
from transforms.reuse import LEADERS_A_DAY, WINDOW_DAYS
from warehouse import load
from warehouse.connection import transaction, writer

TEXT = lines("wire", *range(8))
SUBSCRIBE = invented("subscribe", 9)


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated file to copy from."""
    return Desk(tmp_path_factory.mktemp("template")).home


@pytest.fixture
def desk(template: Path, tmp_path: Path) -> Desk:
    """A warehouse without articles."""
    return Desk(tmp_path / "home", template)


def article(
    name: str, *body: str, publisher: str | None = None, hours: float | None = 0
) -> Article:
    """An article of these lines, by default of a publisher of its own."""
    at = None if hours is None else NOON + timedelta(hours=hours)
    return Article(name, "\n".join(body), publisher or f"site {name}", at)


def _pair(a: str, b: str) -> frozenset[str]:
    return frozenset((a, b))


def _spans(desk: Desk, a: str, b: str) -> set[str]:
    """The words of the passages of two articles; whole lines here, for all lines are invented."""
    return set(desk.passages().get(_pair(a, b), ()))


def edited_copies(count: int) -> list[Article]:
    """Copies of one text on one day, no two alike: cut, changed, with a paragraph of their own."""
    found = []
    for number in range(count):
        rng = Random(number)  # noqa: S311
        body = lines("long wire", *range(9))
        del body[rng.randrange(9)]
        if rng.random() < 0.4:
            del body[-rng.randint(1, 2) :]
        words = body[2].split()
        words[rng.randrange(len(words))] = "zuzuzux"
        body[2] = " ".join(words)
        body.insert(rng.randrange(len(body)), invented(f"own {number}"))
        found.append(article(f"copy{number}", *body, hours=rng.randrange(11)))
    return found


def test_what_very_many_run_in_a_day_is_one_cluster_with_bounded_rows(
    template: Path, tmp_path: Path
) -> None:
    """Three times as many copies: passages per article as before, matches far from all pairs."""
    per_article = []
    for count in (100, 300):
        desk = Desk(tmp_path / str(count), template)
        for batch in batches(edited_copies(count), 100):
            desk.receive(*batch)
        assert [len(each) for each in desk.clusters()] == [count]
        per_article.append((desk.count("passages") / count, desk.count("matches") / count))

    (few_passages, few_matches), (many_passages, many_matches) = per_article
    assert many_passages < 1.2 * few_passages
    assert many_passages < 3 * len(TEXT)
    assert many_matches < 1.8 * few_matches
    assert many_matches < 0.4 * 299 / 2


def test_equal_copies_of_a_day_match_their_leaders_and_nobody_else(desk: Desk) -> None:
    """Word for word the same, so the same articles lead in every band and seed."""
    count = 3 * LEADERS_A_DAY
    desk.receive(*(article(f"n{number}", *TEXT, hours=number / 10) for number in range(count)))

    leaders = {f"n{number}" for number in range(LEADERS_A_DAY)}
    everyone = {f"n{number}" for number in range(count)}
    assert set(desk.matches()) == {
        _pair(a, b) for a, b in combinations(sorted(everyone), 2) if {a, b} & leaders
    }
    assert desk.clusters() == [everyone]
    assert set(desk.passages()) == {_pair("n0", other) for other in everyone - {"n0"}}


def test_undated_copies_have_leaders_of_their_own(desk: Desk) -> None:
    """An unknown day is a day: as many lead there, and dated ones are compared with them."""
    count = 2 * LEADERS_A_DAY
    undated = [article(f"u{number}", *TEXT, hours=None) for number in range(count)]
    dated = [article("early", *TEXT, hours=-9000), article("late", *TEXT, hours=9000)]
    desk.receive(*undated)
    desk.receive(*dated)

    matched = Counter(name for pair in desk.matches() for name in pair)
    assert len(desk.clusters()) == 1
    assert desk.origins() == {"early": "earliest"}
    assert _pair("early", "late") not in desk.matches(), "a year apart"
    assert matched["early"] == matched["late"] == count, "both lead on their days"
    led = [name for name in matched if matched[name] == count + 1]
    assert len(led) == LEADERS_A_DAY
    assert set(matched.values()) == {count, count + 1, LEADERS_A_DAY + 2}


def test_a_text_run_again_and_again_for_weeks_is_one_cluster(desk: Desk) -> None:
    """Each copy matches those of its week; the first one lends to all, however late."""
    days = range(0, 22, 3)
    for day in reversed(days):
        desk.receive(article(f"d{day}", *TEXT, hours=24 * day))

    assert set(desk.matches()) == {
        _pair(f"d{a}", f"d{b}") for a, b in combinations(days, 2) if b - a <= WINDOW_DAYS
    }
    assert desk.clusters() == [{f"d{day}" for day in days}]
    assert set(desk.passages()) == {_pair("d0", f"d{day}") for day in days if day}


def test_articles_more_than_a_week_apart_are_not_compared(desk: Desk) -> None:
    """To the second; and one in the middle connects them."""
    first, last = article("first", *TEXT), article("last", *TEXT, hours=24 * WINDOW_DAYS + 1 / 3600)
    desk.receive(first)
    desk.receive(last)
    assert (desk.matches(), desk.passages()) == ({}, {})
    assert len(desk.clusters()) == 2

    desk.receive(article("middle", *TEXT, hours=80))
    assert desk.clusters() == [{"first", "middle", "last"}]
    assert set(desk.passages()) == {_pair("first", "middle"), _pair("first", "last")}


def _story(site: str, number: int, *more: str) -> Article:
    name = f"{site}{number}"
    return article(name, *lines(name, 0, 1, 2), *more, publisher=site, hours=number)


def test_a_line_becomes_furniture_with_the_fourth_story_under_it(desk: Desk) -> None:
    """Sites of one group share it: three stories are no evidence, the fourth takes it out of all
    passages, those of articles long held too.
    """
    desk.receive(_story("post", 0, SUBSCRIBE))
    for number in range(FURNITURE_CLUSTERS - 1):
        desk.receive(_story("herald", number, SUBSCRIBE))
    before = desk.passages()
    assert before.keys() == {_pair("post0", f"herald{number}") for number in range(3)}
    assert {text for texts in before.values() for text in texts} == {SUBSCRIBE}
    assert desk.count("reuse.furniture") == 0

    desk.receive(_story("herald", 3, SUBSCRIBE))
    assert desk.passages() == {}
    assert desk.ask("select publisher_id, month from reuse.furniture") == [("herald", 202603)]

    desk.receive(_story("echo", 0, SUBSCRIBE))
    assert desk.passages().keys() == {_pair("post0", "echo0")}, "furniture of neither, so far"


def test_furniture_hides_nothing_of_what_stands_beside_it(desk: Desk) -> None:
    """A paragraph shared by two stories of two sites with one line of furniture under all."""
    (paragraph,) = lines("paragraph", 0)
    desk.receive(*(_story("herald", number, SUBSCRIBE) for number in range(1, 5)))
    desk.receive(*(_story("post", number, SUBSCRIBE) for number in range(1, 5)))
    desk.receive(_story("herald", 0, paragraph, SUBSCRIBE), _story("post", 0, paragraph, SUBSCRIBE))

    assert desk.passages() == {_pair("herald0", "post0"): [paragraph]}


def test_furniture_of_one_month_is_none_in_another(desk: Desk) -> None:
    """The 30th of March and the 2nd of April: each month is counted by itself."""
    desk.receive(*(_story("herald", number, SUBSCRIBE) for number in range(4)))
    desk.receive(_story("post", 0, SUBSCRIBE))
    assert desk.passages() == {}

    april = article("april", *lines("april", 0, 1), SUBSCRIBE, publisher="herald", hours=72)
    desk.receive(april)
    assert desk.passages() == {_pair("april", "post0"): [SUBSCRIBE]}


def test_a_paragraph_that_a_site_puts_in_two_stories_is_no_furniture(desk: Desk) -> None:
    """Nor is an agency text that a site runs in ten editions: ten articles and one cluster."""
    wire = article("wire", *TEXT, publisher="agency")
    desk.receive(wire, _story("herald", 0, TEXT[3]), _story("herald", 1, TEXT[3]))
    editions = [article(f"edition{n}", *TEXT, publisher="post", hours=n) for n in range(1, 11)]
    desk.receive(*editions)

    assert desk.count("reuse.furniture") == 0
    assert _spans(desk, "wire", "herald0") == _spans(desk, "wire", "herald1") == {TEXT[3]}
    assert all(_spans(desk, "wire", each.name) == set(TEXT) for each in editions)


def test_a_line_is_no_furniture_any_more_when_clusters_merge(desk: Desk) -> None:
    """Two of the four stories turn out to be cuts of one text: three clusters are no evidence."""
    text = lines("running", *range(10))
    early = article("early", *text[:6], SUBSCRIBE, publisher="herald")
    late = article("late", *text[4:], SUBSCRIBE, publisher="herald", hours=1)
    others = [_story("herald", number, SUBSCRIBE) for number in range(2)]
    desk.receive(early, late, *others, _story("post", 0, SUBSCRIBE))
    assert len(desk.clusters()) == 5
    assert SUBSCRIBE not in {text for texts in desk.passages().values() for text in texts}

    desk.receive(article("bridge", *text[2:8], publisher="echo", hours=2))
    assert {"early", "late", "bridge"} in desk.clusters()
    assert desk.count("reuse.furniture") == 0
    holders = {pair for pair, texts in desk.passages().items() if SUBSCRIBE in texts}
    # The two are one cluster: the first of it to have the line stands for both.
    assert holders == {_pair("post0", name) for name in ("early", "late", "herald0", "herald1")}


def test_a_line_is_no_furniture_any_more_when_a_story_goes(desk: Desk) -> None:
    """What was left out of the passages is in them again."""
    desk.receive(*(_story("herald", number, SUBSCRIBE) for number in range(4)))
    desk.receive(_story("post", 0, SUBSCRIBE))
    assert desk.passages() == {}

    desk.receive(without=["herald2"])
    assert desk.count("reuse.furniture") == 0
    assert desk.passages().keys() == {_pair("post0", f"herald{number}") for number in (0, 1, 3)}


def test_what_the_origin_cut_off_is_found_between_its_reprints(desk: Desk) -> None:
    """The earliest copy is cut short; of the longer ones the earlier stands for the cluster."""
    desk.receive(
        article("origin", *TEXT[:5]),
        article("longer", *TEXT, hours=1),
        article("as long", *TEXT, hours=2),
        article("third", *TEXT[:4], *TEXT[6:], hours=3),
    )

    assert desk.origins() == {"origin": "earliest"}
    assert _spans(desk, "origin", "longer") == _spans(desk, "origin", "as long") == set(TEXT[:5])
    assert _spans(desk, "longer", "as long") >= set(TEXT[5:])
    assert _spans(desk, "longer", "third") >= set(TEXT[6:])
    assert _pair("as long", "third") not in desk.passages()


def test_late_articles_find_what_the_origin_cut_off(desk: Desk) -> None:
    """A story of its own that has the words is a first: as one of those that lead it is compared
    with every copy, and where enough others lead, with these.
    """
    count = LEADERS_A_DAY + 4
    copies = [article(f"copy{number}", *TEXT, hours=1 + number / 10) for number in range(count)]
    desk.receive(article("origin", *TEXT[:5]), *copies)
    borrowers = [
        article(
            f"borrower{number}", *lines(f"own {number}", *range(6)), TEXT[7], hours=5 + number / 10
        )
        for number in range(LEADERS_A_DAY)
    ]
    desk.receive(*borrowers)

    last = borrowers[-1].name
    assert {pair for pair in desk.passages() if "borrower0" in pair} == {
        _pair("borrower0", other.name) for other in [*copies, *borrowers[1:]]
    }
    assert {pair for pair in desk.passages() if last in pair} == {
        _pair(last, other.name) for other in [copies[0], *borrowers[:-1]]
    }


def test_the_origin_and_why(desk: Desk) -> None:
    """The earliest, until an earlier copy comes, until the agency's own comes, however late."""
    desk.receive(article("noon", *TEXT))
    assert desk.origins() == {"noon": "only"}

    desk.receive(article("undated", *TEXT, hours=None))
    assert desk.origins() == {"noon": "earliest"}

    desk.receive(article("morning", *TEXT, hours=-4))
    assert desk.origins() == {"morning": "earliest"}
    assert set(desk.passages()) == {_pair("morning", "noon"), _pair("morning", "undated")}

    agency = Article("agency", "\n".join(TEXT), "agency", NOON + timedelta(hours=5), is_agency=True)
    desk.receive(agency)
    assert desk.origins() == {"agency": "agency"}
    assert set(desk.passages()) == {
        _pair("agency", "morning"),
        _pair("agency", "noon"),
        _pair("agency", "undated"),
    }

    desk.receive(without=["agency"])
    assert desk.origins() == {"morning": "earliest"}
    desk.receive(without=["morning", "undated"])
    assert desk.origins() == {"noon": "only"}
    assert (desk.matches(), desk.passages()) == ({}, {})


def test_an_agencys_own_text_that_nobody_runs_is_only(desk: Desk) -> None:
    """There is nothing it is the origin of."""
    desk.receive(Article("agency", "\n".join(TEXT), "agency", NOON, is_agency=True))
    assert desk.origins() == {"agency": "only"}


def test_one_publisher_lends_itself_nothing(desk: Desk) -> None:
    """Two editions of one site match and are one cluster; unknown publishers are each their own."""
    desk.receive(*(article(f"n{number}", *TEXT, publisher="herald") for number in range(2)))
    desk.receive(Article("x", "\n".join(TEXT), None), Article("y", "\n".join(TEXT), None))

    assert len(desk.matches()) == 6
    assert len(desk.clusters()) == 1
    (origin,) = desk.origins()
    assert _pair("n0", "n1") not in desk.passages()
    assert len(desk.passages()) == (3 if origin in {"x", "y"} else 2)


def _forget_counts(desk: Desk) -> None:
    """Mark every count, so that those which are counted again can be told from the others."""
    with writer(desk.home, wait_s=5) as con:
        con.execute("update mart.wire_words set wire_word_count = -1")


def _wire_words(desk: Desk) -> dict[str, int]:
    """The wire copy of those that were counted since the counts were marked, by name."""
    rows = desk.ask(
        "select url_key, wire_word_count from mart.wire_words inner join articles using (article_id)"
    )
    return {str(name): int(str(count)) for name, count in rows if count != -1}


def test_wire_copy_is_counted_again_where_it_may_have_changed(desk: Desk) -> None:
    """In the articles of a batch, in those of their clusters and in those they share a passage with or
    did before; the others keep their counts.
    """
    (note,) = lines("note", 0)
    wire = article("wire", *TEXT, publisher="agency")
    reprint = article("reprint", *TEXT, hours=1)
    borrower = article("borrower", *lines("borrower", *range(5)), TEXT[3], note, hours=2)
    reader = article("reader", *lines("reader", *range(5)), note, hours=3)
    desk.receive(wire, reprint, borrower, reader, article("alone", *lines("alone", *range(5))))
    words = {"wire": 0, "reprint": 88, "borrower": 11, "reader": 11, "alone": 0}
    assert _wire_words(desk) == words

    _forget_counts(desk)
    desk.receive(article("other", *lines("other", *range(5))))
    assert _wire_words(desk) == {"other": 0}

    _forget_counts(desk)
    desk.receive(without=["wire"])
    assert _wire_words(desk) == {"reprint": 0, "borrower": 11, "reader": 11}

    _forget_counts(desk)
    desk.receive(replace(wire, published_at=NOON + timedelta(hours=5)))
    assert _wire_words(desk) == {"wire": 88, "reprint": 0, "borrower": 11, "reader": 11}

    _forget_counts(desk)
    desk.receive(replace(wire, published_at=NOON + timedelta(hours=5), is_agency=True))
    assert _wire_words(desk) == {"wire": 0, "reprint": 88, "borrower": 11, "reader": 11}

    _forget_counts(desk)
    desk.receive(replace(borrower, body="\n".join(lines("borrower", *range(5)))))
    assert _wire_words(desk) == {"wire": 0, "reprint": 88, "borrower": 0, "reader": 0}

    _forget_counts(desk)
    desk.receive(without=["alone"])
    assert _wire_words(desk) == {}


def test_articles_of_unknown_publishers_are_one_site_to_furniture(desk: Desk) -> None:
    """A folder of texts that say nothing of where they ran: the fourth story tells."""
    stories = [
        Article(f"text{number}", "\n".join([*lines(f"text {number}", 0, 1, 2), SUBSCRIBE]))
        for number in range(4)
    ]
    desk.receive(*stories[:3])
    assert desk.passages().keys() == {
        _pair(a.name, b.name) for a, b in combinations(stories[:3], 2)
    }
    desk.receive(stories[3])
    assert desk.passages() == {}


HEADING = "# " + invented("sub-heading", 6)


def test_a_heading_is_a_passage_of_a_reprint_and_its_origin(desk: Desk) -> None:
    """Of a story that has a paragraph and the heading in common, it is none."""
    wire = article("wire", *TEXT[:3], HEADING, *TEXT[3:], publisher="agency")
    copy = article("copy", *TEXT[:3], HEADING, *TEXT[3:], publisher="post", hours=1)
    own = article("own", *lines("own", 0, 1), TEXT[3], HEADING, publisher="echo", hours=2)
    desk.receive(copy, own)
    assert _spans(desk, "copy", "own") == {TEXT[3]}
    desk.receive(wire)
    assert _spans(desk, "copy", "wire") == {*TEXT, HEADING.removeprefix("# ")}
    assert _spans(desk, "own", "wire") == {TEXT[3]}
    # It makes nothing alike.
    assert {"wire", "copy"} in desk.clusters()
    assert {"own"} in desk.clusters()


def test_headings_that_a_former_version_did_not_tell_are_told_from_the_body(desk: Desk) -> None:
    """Fingerprints of before have none; comparing again gives what comparing now does."""
    row = "Quarterly profit harbour company crowns"
    body = [f"{sentence[0].upper()}{sentence[1:]}." for sentence in TEXT]
    spans = body_spans("\n".join([*body[:3], row, *body[3:]]))
    assert len(spans.headings) == 1
    desk.receive(
        article("wire", *body[:3], row, *body[3:], publisher="agency"),
        article("copy", *body[:3], row, *body[3:], publisher="post", hours=1),
    )
    prose = np.asarray(spans.prose, dtype="<i4").tobytes()
    former = "update reuse.fingerprints set norm_version = 2, headings = null, prose = $prose"
    with writer(desk.home) as con, transaction(con):
        con.execute(former, {"prose": prose})
        assert compare_stale(con, 10) == 2
        load.count_wire_words(con)
    assert row in _spans(desk, "copy", "wire")
    assert desk.ask("select count(*) from reuse.fingerprints where headings is null") == [(0,)]
