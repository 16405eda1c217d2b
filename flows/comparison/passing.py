"""Passages: articles aligned with the origins they may share words with."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import chain
from typing import cast

import numpy as np

from flows.comparison.furnishing import furniture_of
from flows.comparison.index import Window, window
from transforms.passages import align
from transforms.records import ComparisonText, Passage
from warehouse import load, lookup
from warehouse.connection import Connection

_TEXTS_AT_A_TIME = 1000
"""Texts aligned with those of a batch in one call; a bound on memory, not on what is found."""


def find_passages(con: Connection, ids: Collection[str]) -> int:
    """Find the passages of these articles anew; returns how many there are.

    An article is aligned with the origin of its own cluster, an origin with all reprints; and each
    with those it shares a seed with, if one of the two is an origin and one leads.
    """
    # Counted again: what shares a passage with these now, and what no longer does.
    load.delete(con, "wire_words", ids)
    load.delete(con, "passages", ids)
    count = 0
    days = window(con, ids)
    pairs = lookup.passage_pairs(con, ids, **days.values())
    for group in _in_groups(pairs, ids):
        passages = align(group, _texts(con, set(chain.from_iterable(group)), days))
        load.append(con, "passages", [_row(passage) for passage in passages])
        count += len(passages)
    load.delete(con, "wire_words", ids)
    return count


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


def _texts(con: Connection, ids: Collection[str], days: Window) -> dict[str, ComparisonText]:
    furniture: defaultdict[str, set[int]] = defaultdict(set)
    for article_id, line in furniture_of(con, ids):
        furniture[article_id].add(line)
    return {
        str(row["article_id"]): comparison_text(row, furniture[str(row["article_id"])])
        for row in lookup.within(con, "comparison_texts", ids, days.first_day, days.last_day)
    }


def comparison_text(row: Mapping[str, object], furniture: Iterable[int] = ()) -> ComparisonText:
    """The text of a row with article_id, body, language and the spans that count."""
    spans = np.frombuffer(cast(bytes, row["prose"]), dtype="<i4").reshape(-1, 2)
    language = row["language"]
    return ComparisonText(
        article_id=str(row["article_id"]),
        body=str(row["body"]),
        prose=tuple(map(tuple, spans.tolist())),
        language=None if language is None else str(language),
        furniture=frozenset(furniture),
    )


def _row(passage: Passage) -> dict[str, object]:
    return {
        "article_a": passage.article_a,
        "a_start": passage.a_start,
        "a_end": passage.a_end,
        "article_b": passage.article_b,
        "b_start": passage.b_start,
        "b_end": passage.b_end,
        "matched_words": passage.matched_words,
        "kind": passage.kind.value,
    }
