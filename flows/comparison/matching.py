"""Matches: who shares enough with whom, decided for pairs that share a band, one of them a leader."""

from collections.abc import Collection
from itertools import chain

from flows.comparison.index import window
from transforms.records import Match
from transforms.reuse import match_pairs
from warehouse import load, lookup
from warehouse.connection import Connection


def match(con: Connection, ids: Collection[str]) -> list[Match]:
    """Find the matches of these articles anew; returns them, stored."""
    load.delete(con, "matches", ids)
    days = window(con, ids)
    pairs = lookup.pairs(con, "candidates", ids, **days.values())
    compared = set(chain.from_iterable(pairs))
    matches = match_pairs(pairs, lookup.shingles(con, compared, days.first_day, days.last_day))
    load.append(con, "matches", [_row(one) for one in matches])
    return matches


def _row(match: Match) -> dict[str, object]:
    return {
        "article_a": match.article_a,
        "article_b": match.article_b,
        "resemblance": match.resemblance,
        "containment_a": match.containment_a,
        "containment_b": match.containment_b,
        "kind": match.kind.value,
    }
