"""Clusters: the articles that run one text, from the matches among them.

An agency rewrites a running text several times a day, and each version is republished. Every
version matches the next, so connected components chain a whole day into one cluster although its
ends share little. The rule here cuts a component where two groups resemble each other less than
each resembles itself: the copies of one version are alike to nine tenths, two versions to four
tenths, so they part; copies that desks have cut at different places are alike to six tenths among
themselves and to four tenths across, so they stay together.

A copy that was cut short resembles the others less and is contained in them. So the overlap of
two articles is the smaller of the two containments, and the looser the groups are, the more of the
larger one is added: copies of a text that everyone cuts are expected to be contained in each
other, while a short text inside many equal long ones is something else.

This is average linkage (Sokal and Michener, "A statistical method for evaluating systematic
relationships", 1958) with a threshold relative to the cohesion of the two groups. It sees nothing
but the set of matches, so the result does not depend on the order in which articles came.
The constants are those of `benchmarks/results/near_duplicates.md`, rows "clusters".
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime

import numpy as np
from numpy.typing import NDArray

from transforms.records import Cluster, ClusterArticle, Match, MatchKind

RELATIVE_OVERLAP = 0.55
"""Two groups merge when their mean overlap is this share of the mean of their own cohesions."""
LONE_COHESION = 0.7
"""The cohesion of a group of one: what two copies of one text have in common on average."""
LEAST_OVERLAP = 0.25
"""No two groups merge below this mean overlap, however loose they are."""
UNMATCHED_OVERLAP = 0.2
"""What two articles of one component without a match are taken to have in common."""
LARGEST_COMPONENT = 2000
"""Above this, only ever stronger matches count until the pieces are smaller (square memory)."""

_STRONGER = (0.5, 0.6, 0.7, 0.8, 0.9, 0.97)
_NEVER = datetime.max.replace(tzinfo=UTC)

Floats = NDArray[np.float64]
Edge = tuple[str, str, float]


def cluster(articles: Sequence[ClusterArticle], matches: Sequence[Match]) -> list[Cluster]:
    """The clusters of whole connected components, ascending by id; the order of input is irrelevant.

    Excerpts never connect two articles. Inside a component they count as what little they share.
    The better the matches cover the pairs of a component, the sharper the cut: a pair without a
    match is taken to have been compared and found different.

    Args:
        articles: Every article of the components, each once.
        matches: The matches among them; those with an article that is not here are left out.
    """
    by_id = {article.article_id: article for article in articles}
    known = {
        (m.article_a, m.article_b): m
        for m in matches
        if m.article_a in by_id and m.article_b in by_id
    }
    edges = [
        (*pair, min(m.containment_a, m.containment_b))
        for pair, m in sorted(known.items())
        if m.kind is MatchKind.NEAR_DUPLICATE
    ]
    pieces = list(_pieces(sorted(by_id), edges, _STRONGER))
    piece_of = {member: i for i, piece in enumerate(pieces) for member in piece}
    inside: list[list[Match]] = [[] for _ in pieces]
    for (a, b), m in sorted(known.items()):
        if piece_of[a] == piece_of[b]:
            inside[piece_of[a]].append(m)
    groups = [
        group for piece, own in zip(pieces, inside, strict=True) for group in _part(piece, own)
    ]
    return [_describe(members, by_id) for members in sorted(groups)]


def _pieces(
    ids: Sequence[str], edges: Sequence[Edge], stronger: Sequence[float]
) -> Iterator[list[str]]:
    """The connected components, those that are too large without their weaker edges."""
    for members in _components(ids, [(a, b) for a, b, _ in edges]):
        if len(members) <= LARGEST_COMPONENT or not stronger:
            yield members
            continue
        own = set(members)
        strong = [edge for edge in edges if edge[0] in own and edge[2] >= stronger[0]]
        yield from _pieces(members, strong, stronger[1:])


def _components(ids: Iterable[str], edges: Iterable[tuple[str, str]]) -> list[list[str]]:
    """The connected components, each ascending."""
    root = {article_id: article_id for article_id in ids}

    def find(article_id: str) -> str:
        while root[article_id] != article_id:
            root[article_id] = root[root[article_id]]
            article_id = root[article_id]
        return article_id

    for a, b in edges:
        first, second = sorted((find(a), find(b)))
        root[second] = first
    members: dict[str, list[str]] = {}
    for article_id in sorted(root):
        members.setdefault(find(article_id), []).append(article_id)
    return list(members.values())


def _part(members: list[str], matches: Sequence[Match]) -> list[list[str]]:
    """The members of one component, parted where two groups differ more than each within itself."""
    if len(members) <= 2 or len(members) > LARGEST_COMPONENT:
        return [members]
    identical = _components(
        members, [(m.article_a, m.article_b) for m in matches if m.resemblance == 1]
    )
    number = {member: i for i, group in enumerate(identical) for member in group}
    size = np.array([len(group) for group in identical], dtype=np.float64)
    for kept, gone in _merges(size, *_overlaps(number, size, matches)):
        identical[kept] += identical[gone]
        identical[gone] = []
    return [sorted(group) for group in identical if group]


def _overlaps(
    number: dict[str, int], size: Floats, matches: Sequence[Match]
) -> tuple[Floats, Floats, NDArray[np.bool_]]:
    """Of every two groups of identical texts the smaller and the larger containment, and whether
    a near-duplicate joins them.
    """
    a = np.array([number[m.article_a] for m in matches], dtype=np.int64)
    b = np.array([number[m.article_b] for m in matches], dtype=np.int64)
    sides = np.array([(m.containment_a, m.containment_b) for m in matches], dtype=np.float64)
    near = np.array([m.kind is MatchKind.NEAR_DUPLICATE for m in matches], dtype=np.bool_)
    # Members of one group have the same shingles: any match of two groups is that of all pairs.
    smaller = np.full((size.size, size.size), UNMATCHED_OVERLAP)
    larger = smaller.copy()
    joined = np.zeros(smaller.shape, dtype=np.bool_)
    smaller[a, b] = smaller[b, a] = sides.min(axis=1)
    larger[a, b] = larger[b, a] = sides.max(axis=1)
    joined[a[near], b[near]] = joined[b[near], a[near]] = True
    np.fill_diagonal(joined, val=False)
    return smaller, larger, joined


def _merges(
    size: Floats, smaller: Floats, larger: Floats, joined: NDArray[np.bool_]
) -> Iterator[tuple[int, int]]:
    """The merges of average linkage, best first: (group that stays, group that goes into it).

    Overwrites its arguments. Ties go to the groups with the lower numbers.
    """
    within = size * (size - 1) / 2  # sum of the smaller containments of all pairs inside a group

    def margins(row: int) -> Floats:
        """How far each group lies above what it needs to merge with this one; 1 is just enough."""
        pairs = size * (size - 1) / 2
        own = np.where(pairs > 0, within / np.maximum(pairs, 1), LONE_COHESION)
        cohesion = (own[row] + own) / 2
        overlap = smaller[row] + (1 - cohesion) ** 2 * (larger[row] - smaller[row])
        needed = np.maximum(RELATIVE_OVERLAP * cohesion, LEAST_OVERLAP)
        return np.where(joined[row], overlap / needed, 0.0)

    margin = np.array([margins(row) for row in range(size.size)])
    best = margin.argmax(axis=1)
    rows = np.arange(size.size)
    while True:
        top = int(margin[rows, best].argmax())
        kept, gone = sorted((top, int(best[top])))
        if margin[kept, gone] < 1:
            return
        yield kept, gone
        within[kept] += within[gone] + smaller[kept, gone] * size[kept] * size[gone]
        for mean in (smaller, larger):
            total = mean[kept] * size[kept] + mean[gone] * size[gone]
            mean[kept] = mean[:, kept] = total / (size[kept] + size[gone])
        joined[kept] |= joined[gone]
        joined[gone] = False
        joined[kept, [kept, gone]] = False
        joined[:, kept], joined[:, gone] = joined[kept], False
        size[kept] += size[gone]
        margin[gone] = margin[:, gone] = 0
        margin[kept] = margin[:, kept] = margins(kept)
        better = (margin[rows, kept] > margin[rows, best]) | (
            (margin[rows, kept] == margin[rows, best]) & (kept < best)
        )
        stale = (best == kept) | (best == gone)
        best[better & ~stale] = kept
        stale[kept] = True
        best[stale] = margin[stale].argmax(axis=1)


def _describe(members: list[str], articles: dict[str, ClusterArticle]) -> Cluster:
    origin = min((articles[member] for member in members), key=_precedence)
    return Cluster(members[0], origin.article_id, tuple(members))


def _precedence(article: ClusterArticle) -> tuple[bool, datetime, str, str]:
    """An agency's own before others, then the earliest; an unknown time is the latest of all."""
    published = article.published_at or _NEVER
    return (not article.is_agency, published, article.url_key, article.article_id)
