"""Comparing a batch with everything held: the rows of matches, clusters and passages that change.

Runs inside the batch's transaction, after its articles are in. Each step asks the index for the few
articles concerned, lets `transforms` decide, and writes the decision; no step looks at the whole
archive. Every decision is a function of the articles held, so batches in any order end alike.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from itertools import chain
from typing import cast

import numpy as np
import pyarrow as pa

from flows.overlap import credit_copies, partners
from transforms.clusters import cluster
from transforms.components import components
from transforms.fingerprint import NORM_VERSION, Fingerprint, fingerprint
from transforms.overlaps import overlaps
from transforms.passages import align
from transforms.records import Cluster, ClusterArticle, ComparisonText, Match, MatchKind, Passage
from transforms.reuse import WINDOW_DAYS, match_pairs
from transforms.words import U64
from warehouse import load, lookup
from warehouse.connection import Connection

_WINDOW_S = WINDOW_DAYS * 86_400
_TEXTS_AT_A_TIME = 1000
"""Texts aligned with those of a batch in one call; a bound on memory, not on what is found."""


@dataclass(frozen=True, slots=True)
class Comparable:
    """An article whose text is new to the comparison, with its publication time."""

    text: ComparisonText
    published_at: datetime | None


@dataclass(frozen=True, slots=True)
class Compared:
    """How many rows a comparison added."""

    match_count: int
    passage_count: int


def compare(
    con: Connection, fresh: Sequence[Comparable], recredited: Iterable[str] = ()
) -> Compared:
    """Find what these articles share with all others, and bring the tables of reuse up to date.

    An article that was compared before, with another text, is compared anew: what its old text
    matched is forgotten first.

    Args:
        con: The writer's connection, inside the batch's transaction; the articles are in.
        fresh: The articles whose text is new to the comparison.
        recredited: All articles whose credits may have changed, with an old text or a new one.
    """
    ids = [article.text.article_id for article in fresh]
    changed = {*ids, *recredited}
    former = partners(con, changed)
    compared = _compare(con, fresh, ids) if fresh else Compared(0, 0)
    credit_copies(con, changed | former | partners(con, changed))
    return compared


def _compare(con: Connection, fresh: Sequence[Comparable], ids: Sequence[str]) -> Compared:
    touched = _forget(con, ids)
    prints = fingerprint([article.text for article in fresh])
    _index(con, fresh, prints)
    matches = _match(con, fresh, prints)
    touched.update(ids, chain.from_iterable((m.article_a, m.article_b) for m in matches))
    promoted = _recluster(con, touched)
    # All pairs of a new origin are aligned below; those it had with other origins are among them.
    load.delete(con, "passages", promoted - set(ids))
    passage_count = _find_passages(con, promoted | set(ids))
    return Compared(len(matches), passage_count)


def remove(con: Connection, ids: Sequence[str]) -> None:
    """Forget articles that are no longer held; those they were connected with are clustered again."""
    former = partners(con, ids) - set(ids)
    connected = _forget(con, ids) - set(ids)
    before = lookup.by_ids(con, "clusters", ids)
    load.delete(con, "clusters", (str(row["cluster_id"]) for row in before))
    load.delete(con, "cluster_members", ids)
    load.delete(con, "components", ids)
    promoted = _recluster(con, connected)
    load.delete(con, "passages", promoted)
    _find_passages(con, promoted)
    credit_copies(con, former)


def _forget(con: Connection, ids: Sequence[str]) -> set[str]:
    """Drop what the index holds of these articles; returns those that were connected with them."""
    compared = {str(row["article_id"]) for row in lookup.by_ids(con, "compared", ids)}
    connected = {str(row["article_id"]) for row in lookup.by_ids(con, "components", compared)}
    load.delete(con, "wire_words", compared)
    load.delete_index(con, compared)
    load.delete(con, "matches", compared)
    load.delete(con, "passages", compared)
    return connected


def _index(con: Connection, fresh: Sequence[Comparable], prints: Sequence[Fingerprint]) -> None:
    rows = [
        {
            "article_key": load.article_key(item.article_id),
            "norm_version": NORM_VERSION,
            "published_at": article.published_at,
            "prose": np.asarray(article.text.prose, dtype="<i4").tobytes(),
            "shingles": item.shingles.astype("<u8").tobytes(),
        }
        for article, item in zip(fresh, prints, strict=True)
    ]
    load.append(con, "reuse.fingerprints", rows)
    load.append(con, "reuse.bands", _columns("band", fresh, [item.bands for item in prints]))
    load.append(con, "reuse.seeds", _columns("seed", fresh, [item.seeds for item in prints]))


def _columns(
    name: str, fresh: Sequence[Comparable], hashes: Sequence[np.ndarray]
) -> dict[str, pa.Array]:
    """The index rows of a batch as columns: one row for each hash of each article."""
    keys = [load.article_key(article.text.article_id) for article in fresh]
    lengths = [len(values) for values in hashes]
    places = np.repeat(np.arange(len(fresh)), lengths)
    times = pa.array([article.published_at for article in fresh], pa.timestamp("us", "UTC"))
    return {
        name: pa.array(np.concatenate(hashes), pa.uint64()),
        "article_key": pa.array(np.repeat(np.array(keys, np.uint64), lengths), pa.uint64()),
        "published_at": times.take(pa.array(places)),
    }


def _match(
    con: Connection, fresh: Sequence[Comparable], prints: Sequence[Fingerprint]
) -> list[Match]:
    bands = pa.table(_columns("band", fresh, [item.bands for item in prints]))
    pairs = lookup.candidates(con, bands, _WINDOW_S)
    shingles = {item.article_id: item.shingles for item in prints}
    stored = set(chain.from_iterable(pairs)) - shingles.keys()
    shingles.update(lookup.shingles(con, stored))
    matches = match_pairs(pairs, shingles)
    load.append(con, "matches", [_match_row(match) for match in matches])
    return matches


def _recluster(con: Connection, touched: Iterable[str]) -> set[str]:
    """Cluster again every component that has one of these articles.

    Returns:
        The articles that are the origin of their cluster now and were not before.
    """
    members = _members(con, touched)
    ids = [member.article_id for member in members]
    edges = [
        (str(row["article_a"]), str(row["article_b"]), float(str(row["overlap"])))
        for row in lookup.by_ids(con, "edges", ids)
    ]
    component_of = components(ids, ((a, b) for a, b, _ in edges))
    clusters = cluster(members, edges, partial(overlaps, shingles=_to_part(con, component_of)))
    before = lookup.by_ids(con, "clusters", ids)
    former = {str(row["origin_article_id"]) for row in before}
    # What these articles owe to others is counted again when it is asked for or published.
    load.delete(con, "wire_words", ids)
    load.delete(con, "clusters", (str(row["cluster_id"]) for row in before))
    load.delete(con, "cluster_members", ids)
    load.delete(con, "components", ids)
    published = {member.article_id: member.published_at for member in members}
    load.append(con, "clusters", [_cluster_row(item, published) for item in clusters])
    load.append(con, "cluster_members", list(chain.from_iterable(map(_member_rows, clusters))))
    load.append(
        con,
        "reuse.components",
        [
            {"article_id": article_id, "component_id": component_id}
            for article_id, component_id in component_of.items()
        ],
    )
    origins = {item.origin_article_id for item in clusters}
    load.delete(con, "passages_of_former_origins", former - origins)
    return origins - former


def _to_part(con: Connection, component_of: Mapping[str, str]) -> dict[str, U64]:
    """The shingles of the components that may fall apart: those of more than two articles."""
    sizes = Counter(component_of.values())
    return lookup.shingles(con, (one for one, whole in component_of.items() if sizes[whole] > 2))


def _members(con: Connection, touched: Iterable[str]) -> list[ClusterArticle]:
    rows = lookup.by_ids(con, "components", touched)
    return [
        ClusterArticle(
            article_id=str(row["article_id"]),
            published_at=_time(row["published_at"]),
            url_key=str(row["url_key"]),
            is_agency=bool(row["is_agency"]),
        )
        for row in rows
    ]


def _find_passages(con: Connection, ids: set[str]) -> int:
    """Align these articles with the origins they share a seed with; origins with all articles.

    Returns:
        How many passages were added.
    """
    seeds = lookup.index_rows(con, "seeds", ids)
    count = 0
    for pairs in _in_groups(lookup.passage_pairs(con, seeds, _WINDOW_S), ids):
        rows = lookup.by_ids(con, "comparison_texts", set(chain.from_iterable(pairs)))
        passages = align(pairs, {str(row["article_id"]): _comparison_text(row) for row in rows})
        load.append(con, "passages", [_passage_row(passage) for passage in passages])
        count += len(passages)
    load.delete(con, "wire_words", ids)
    return count


def _in_groups(pairs: Sequence[lookup.Pair], ids: set[str]) -> Iterator[list[lookup.Pair]]:
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


def _comparison_text(row: Mapping[str, object]) -> ComparisonText:
    spans = np.frombuffer(cast(bytes, row["prose"]), dtype="<i4").reshape(-1, 2)
    language = row["language"]
    return ComparisonText(
        article_id=str(row["article_id"]),
        body=str(row["body"]),
        prose=tuple(map(tuple, spans.tolist())),
        language=None if language is None else str(language),
    )


def _match_of(row: Mapping[str, object]) -> Match:
    return Match(
        article_a=str(row["article_a"]),
        article_b=str(row["article_b"]),
        resemblance=float(str(row["resemblance"])),
        containment_a=float(str(row["containment_a"])),
        containment_b=float(str(row["containment_b"])),
        kind=MatchKind(str(row["kind"])),
    )


def _match_row(match: Match) -> dict[str, object]:
    return {
        "article_a": match.article_a,
        "article_b": match.article_b,
        "resemblance": match.resemblance,
        "containment_a": match.containment_a,
        "containment_b": match.containment_b,
        "kind": match.kind.value,
    }


def _cluster_row(item: Cluster, published: Mapping[str, datetime | None]) -> dict[str, object]:
    times = [at for at in (published[member] for member in item.members) if at is not None]
    return {
        "cluster_id": item.cluster_id,
        "origin_article_id": item.origin_article_id,
        "article_count": len(item.members),
        "first_published_at": min(times, default=None),
    }


def _member_rows(item: Cluster) -> list[dict[str, object]]:
    return [
        {
            "article_id": member,
            "cluster_id": item.cluster_id,
            "role": "origin" if member == item.origin_article_id else "reprint",
        }
        for member in item.members
    ]


def _passage_row(passage: Passage) -> dict[str, object]:
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


def _time(value: object) -> datetime | None:
    return value if isinstance(value, datetime) else None
