"""Passages: articles aligned with the origins they may share words with."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from operator import attrgetter
from typing import cast

import numpy as np
import pyarrow as pa

from flows.comparison.days import WINDOW_S, Days
from flows.comparison.furnishing import furniture_of
from flows.comparison.index import forget_passages
from transforms.passages import align
from transforms.plaintext import body_spans
from transforms.records import ComparisonText, Passage
from warehouse import load, lookup
from warehouse.connection import Connection

_TEXTS_AT_A_TIME = 1000
"""Texts aligned with those of a batch in one call; a bound on memory, not on what is found."""


@dataclass(frozen=True, slots=True)
class Found:
    """How many passages were found, and who had one with the articles before or has one now."""

    passage_count: int
    borrowing: frozenset[str]


def find_passages(
    con: Connection, fresh: Collection[str], known: Collection[str], days: Days
) -> Found:
    """Find the passages of these articles.

    An article is aligned with the origin of its own cluster, an origin with all reprints; and each
    with those it shares a seed with, if one of the two is the first of its cluster and one leads.

    Args:
        con: The writer's connection.
        fresh: Articles that have no passages yet.
        known: Articles whose passages are found anew.
        days: When they were published.
    """
    borrowing = set(forget_passages(con, known, days))
    ids = {*fresh, *known}
    with_ids = {"staged_ids": load.ids_table(ids)}
    reprints = lookup.staged_table(con, "reprints", with_ids, **days.reach(ids).values())
    window = {**days.comparable(ids).values(), "window_s": WINDOW_S}
    pairs = lookup.passage_pairs(con, ids, reprints, **window)
    copies = _pairs_of(reprints)
    count = 0
    for group in _in_groups(pairs, ids):
        aligned = set(chain.from_iterable(group))
        passages = align(group, _texts(con, aligned, days), copies.intersection(group))
        load.append(con, "passages", _columns(passages, days))
        count += len(passages)
        borrowing.update(chain.from_iterable((each.article_a, each.article_b) for each in passages))
    return Found(count, frozenset(borrowing))


def _pairs_of(reprints: pa.Table) -> set[lookup.Pair]:
    """The pairs of a reprint and the origin of its cluster, ascending each."""
    keys = zip(reprints["first_key"].to_pylist(), reprints["second_key"].to_pylist(), strict=True)
    ids = ((load.article_id(first), load.article_id(second)) for first, second in keys)
    return {(min(pair), max(pair)) for pair in ids}


def _in_groups(pairs: Sequence[lookup.Pair], ids: Collection[str]) -> Iterator[list[lookup.Pair]]:
    """The pairs in groups of few enough texts, so that memory does not grow with the archive.

    Pairs with the same text from outside `ids` stay together: it is read once.
    """
    group: list[lookup.Pair] = []
    partners: set[str] = set()
    for partner, pair in sorted((b if a in ids else a, (a, b)) for a, b in pairs):
        if partner not in partners and len(partners) >= _TEXTS_AT_A_TIME:
            yield group
            group, partners = [], set()
        partners.add(partner)
        group.append(pair)
    if group:
        yield group


def _texts(con: Connection, ids: Collection[str], days: Days) -> dict[str, ComparisonText]:
    furniture: defaultdict[str, set[int]] = defaultdict(set)
    for article_id, line in furniture_of(con, ids, days):
        furniture[article_id].add(line)
    span = days.own(ids).widened()
    return {
        str(row["article_id"]): comparison_text(row, furniture[str(row["article_id"])])
        for row in lookup.within(con, "comparison_texts", ids, span.first_day, span.last_day)
    }


def comparison_text(row: Mapping[str, object], furniture: Iterable[int] = ()) -> ComparisonText:
    """The text of a row with article_id, body, language and the spans that count.

    Where a former version has not told the headings, they are told from the body.
    """
    language, headings = row["language"], row["headings"]
    return ComparisonText(
        article_id=str(row["article_id"]),
        body=str(row["body"]),
        prose=_spans(row["prose"]),
        language=None if language is None else str(language),
        furniture=frozenset(furniture),
        headings=body_spans(str(row["body"])).headings if headings is None else _spans(headings),
    )


def _spans(blob: object) -> tuple[tuple[int, int], ...]:
    return tuple(map(tuple, np.frombuffer(cast(bytes, blob), dtype="<i4").reshape(-1, 2).tolist()))


def _columns(passages: Sequence[Passage], days: Days) -> dict[str, list[object]]:
    names = ("article_a", "a_start", "a_end", "article_b", "b_start", "b_end", "matched_words")
    columns: dict[str, list[object]] = {
        name: list(map(attrgetter(name), passages)) for name in names
    }
    pairs = [(each.article_a, each.article_b) for each in passages]
    kinds: list[object] = [each.kind.value for each in passages]
    return {**columns, "kind": kinds, "day": list(days.of_pairs(pairs))}
