"""Copies that credit nobody are attributed by what they run, in the tables, and only as long.

One warehouse holds a group of articles for each behaviour, each about a subject of its own. A first
load brings them, a second what comes later: so the tests read two states of the same tables.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from flows.ingest import ingest
from flows.publish import audit
from flows.settings import Settings

Ask = Callable[[Path, str], list[tuple[object, ...]]]
Texts = dict[str, list[str]]
State = dict[str, tuple[str, str]]

START = datetime(2026, 3, 1, tzinfo=UTC)


def text(subject: str, *, own: bool = False) -> list[str]:
    """Paragraphs about a subject that share no run of words with those about another."""
    filled = [
        ("harbour board", "counted", "barges loaded with barley", "granary"),
        ("ferry pilots", "refused", "crossings after dark without lamps", "lighthouse"),
        ("glass workers", "demanded", "shifts shortened by an hour", "furnace"),
        ("orchard keepers", "reported", "trees split by early frost", "ridge"),
        ("valley school", "closed", "classrooms flooded by the thaw", "weir"),
        ("market wardens", "fined", "traders weighing with false stones", "arcade"),
    ]
    word = f"{subject}side" if own else subject
    return [
        f"The {word} {place} {verb} {n} {word} {thing} near the {word} {end} on {word} day {n}."
        for n, (place, verb, thing, end) in enumerate(filled, start=10)
    ]


def credited(subject: str) -> list[str]:
    """The same with the agency's dateline."""
    first, *rest = text(subject)
    return ["PORT ALDER, March 1 (MPA) — " + first, *rest]


def first_load() -> Texts:
    """What is there on the first day: host -> paragraphs."""
    mixed, own = text("umber"), text("umber", own=True)
    chain, chain_own = text("violet"), text("violet", own=True)
    return {
        "credit.amber.example": credited("amber"),
        "whole.amber.example": text("amber"),
        "cut.amber.example": text("amber")[:4],
        "own.amber.example": text("amber", own=True),
        "credit.umber.example": credited("umber"),
        "mixed.umber.example": [*mixed, *own, text("sable")[0]],
        "credit.violet.example": credited("violet"),
        "middle.violet.example": [*chain[2:], *chain_own[:3]],
        "far.violet.example": [*chain[5:], *chain_own[:3], *chain_own[4:]],
        "whole.ochre.example": text("ochre"),
        "credit.russet.example": credited("russet"),
        "whole.indigo.example": text("indigo"),
        **{
            f"{part}.{subject}.example": credited(subject) if part == "credit" else text(subject)
            for subject in ("scarlet", "teal", "crimson", "azure")
            for part in ("credit", "whole")
        },
    }


def second_load() -> Texts:
    """What comes a day later: late copies, changed texts and credits, the agency's own page."""
    return {
        "credit.ochre.example": credited("ochre"),
        "whole.russet.example": text("russet"),
        "news.meridianpress.example": text("indigo"),
        "whole.scarlet.example": text("scarlet", own=True),
        "credit.teal.example": text("teal", own=True),
        "credit.crimson.example": text("crimson"),
        "whole.azure.example": text("azure"),
    }


def load(home: Path, name: str, texts: Texts, *, day: int) -> None:
    """Load one article for each host, captured on a day; every check holds afterwards."""
    at = (START + timedelta(days=day)).isoformat()
    records = [
        {
            "url": f"https://{host}/bridge",
            "headline": f"News of {host}",
            "text": "\n\n".join(lines),
            "published": START.isoformat(),
            "fetched_at": at,
        }
        for host, lines in texts.items()
    ]
    path = home.parent / name
    path.write_text("".join(json.dumps(record) + "\n" for record in records), encoding="utf-8")
    ingest(Settings(home=home, batch_entries=5), [path], publish_after=False)
    failed = [result.name for result in audit(Settings(home=home)) if not result.passed]
    assert failed == []


@pytest.fixture(scope="module")
def states(
    tmp_path_factory: pytest.TempPathFactory, ask: Ask
) -> tuple[State, State, list[tuple[object, ...]]]:
    """For each host the role of its article and its signals, before and after; origins after."""

    def read() -> State:
        rows = ask(
            home,
            """
            select publisher_host, role, string_agg(distinct signal, ' ' order by signal)
            from articles
            inner join article_agencies using (article_id)
            inner join agency_evidence using (article_id, agency_id)
            where agency_id = 'meridian' and level <> 'mention'
            group by all
            """,
        )
        return {str(host): (str(role), str(signals)) for host, role, signals in rows}

    home = tmp_path_factory.mktemp("overlap") / "home"
    load(home, "first.jsonl", first_load(), day=0)
    before = read()
    load(home, "second.jsonl", second_load(), day=1)
    origins = ask(
        home,
        """
        select publisher_host
        from clusters
        inner join articles on origin_article_id = article_id
        where article_count = 2
        order by all
        """,
    )
    return before, read(), origins


States = tuple[State, State, list[tuple[object, ...]]]
OWNED = ("owner", "overlap")


def test_a_copy_without_a_credit_is_the_agencys(states: States) -> None:
    """Whole or cut, the copy is owned; a text of its own beside them is not."""
    before = states[0]
    assert {host: before[host] for host in before if "amber" in host} == {
        "credit.amber.example": ("owner", "dateline"),
        "whole.amber.example": OWNED,
        "cut.amber.example": OWNED,
    }


def test_a_copy_in_a_longer_text_of_its_own_is_shared(states: States) -> None:
    """Where less than half of a near-duplicate stands in the copy, it is partly the agency's."""
    assert states[0]["mixed.umber.example"] == ("shared", "overlap")


def test_overlap_does_not_chain(states: States) -> None:
    """A copy of a copy is attributed only where it matches a copy with a credit of its own."""
    found = {host for host in states[0] if "violet" in host}
    assert found == {"credit.violet.example", "middle.violet.example"}


def test_whichever_comes_first(states: States) -> None:
    """The copy is attributed when the agency's comes after it, and the other way round."""
    before, after, _ = states
    assert "whole.ochre.example" not in before
    assert after["whole.ochre.example"] == after["whole.russet.example"] == OWNED


def test_the_agencys_own_page_stays_the_origin(states: States) -> None:
    """Attribution by overlap makes nobody an agency."""
    _, after, origins = states
    assert after["whole.indigo.example"] == OWNED
    assert after["news.meridianpress.example"][0] == "self"
    assert ("news.meridianpress.example",) in origins
    assert ("whole.indigo.example",) not in origins


@pytest.mark.parametrize(
    "subject",
    ["scarlet", "teal", "crimson"],
    ids=["the copy is rewritten", "the agency's copy is rewritten", "the credit is taken out"],
)
def test_what_it_stood_on_goes_and_it_goes(states: States, subject: str) -> None:
    """A new text or a credit gone takes the evidence with it."""
    before, after, _ = states
    assert before[f"whole.{subject}.example"] == OWNED
    assert f"whole.{subject}.example" not in after


def test_an_article_captured_again_keeps_its_evidence(states: States) -> None:
    """The same text with the same credits, seen a day later: nothing changes."""
    before, after, _ = states
    assert before["whole.azure.example"] == after["whole.azure.example"] == OWNED
