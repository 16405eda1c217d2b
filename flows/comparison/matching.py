"""Matches: who shares enough with whom, decided for pairs that share a band, one of them a leader."""

from collections.abc import Collection, Sequence
from itertools import chain

from flows.comparison.days import WINDOW_S, Days
from flows.comparison.shingles import Shingles
from transforms.records import Match
from transforms.reuse import match_pairs
from warehouse import load, lookup
from warehouse.connection import Connection


def match(
    con: Connection,
    fresh: Collection[str],
    known: Collection[str],
    days: Days,
    shingles: Shingles,
) -> list[Match]:
    """Find the matches of these articles; returns them, stored.

    Args:
        con: The writer's connection.
        fresh: Articles that have no matches yet.
        known: Articles whose matches are found anew.
        days: When they were published.
        shingles: What the batch knows of shingles.
    """
    near = days.near(known)
    load.delete_dated(con, "matches", known, near.first_day, near.last_day)
    ids = {*fresh, *known}
    window = {**days.comparable(ids).values(), "window_s": WINDOW_S}
    pairs = lookup.pairs(con, "candidates", ids, **window)
    compared = set(chain.from_iterable(pairs))
    matches = match_pairs(pairs, shingles.of(compared, days.near(ids)))
    load.append(con, "matches", _columns(matches, days))
    return matches


def _columns(matches: Sequence[Match], days: Days) -> dict[str, list[object]]:
    return {
        "article_a": [one.article_a for one in matches],
        "article_b": [one.article_b for one in matches],
        "resemblance": [one.resemblance for one in matches],
        "containment_a": [one.containment_a for one in matches],
        "containment_b": [one.containment_b for one in matches],
        "kind": [one.kind.value for one in matches],
        "day": list(days.of_pairs([(one.article_a, one.article_b) for one in matches])),
    }
