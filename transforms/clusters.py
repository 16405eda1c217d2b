"""Clusters: the articles that run one text.

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
but the texts of a component, so the result does not depend on the order in which articles came.
The constants are those of `benchmarks/results/near_duplicates.md`, rows "clusters".
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime

import numpy as np
from numpy.typing import NDArray

from transforms.components import components
from transforms.overlaps import Overlaps
from transforms.records import Cluster, ClusterArticle

RELATIVE_OVERLAP = 0.6
"""Two groups merge when their mean overlap is this share of the mean of their own cohesions."""
LONE_COHESION = 0.6
"""The cohesion of a group of one: what two copies of one text have in common on average."""
LEAST_OVERLAP = 0.25
"""No two groups merge below this mean overlap, however loose they are."""
LARGEST_COMPONENT = 1000
"""Of a larger component those with the most matches are parted, and every other article goes where its
strongest match is: what is computed for all pairs grows with the square."""

_NEVER = datetime.max.replace(tzinfo=UTC)

Floats = NDArray[np.float64]
Edge = tuple[str, str, float]
AllPairs = Callable[[Sequence[str]], Overlaps]


def cluster(
    articles: Sequence[ClusterArticle], edges: Sequence[Edge], overlaps: AllPairs
) -> list[Cluster]:
    """The clusters of whole connected components, ascending by id; the order of input is irrelevant.

    Args:
        articles: Every article of the components, each once.
        edges: The near-duplicates among them, with the smaller containment of each: what connects.
            Those with an article that is not here are left out.
        overlaps: What every two articles of one component have in common, called with its members.
    """
    by_id = {article.article_id: article for article in articles}
    known = [edge for edge in set(edges) if edge[0] in by_id and edge[1] in by_id]
    of_member: dict[str, list[tuple[str, float]]] = {article_id: [] for article_id in sorted(by_id)}
    for a, b, overlap in sorted(known):
        of_member[a].append((b, overlap))
        of_member[b].append((a, overlap))
    groups = [
        group
        for members in _components(of_member, [(a, b) for a, b, _ in known])
        for group in _part_bounded(members, of_member, overlaps)
    ]
    return [_describe(members, by_id) for members in sorted(groups)]


def _components(ids: Iterable[str], edges: Iterable[tuple[str, str]]) -> list[list[str]]:
    """The connected components, each ascending."""
    members: dict[str, list[str]] = {}
    for article_id, component_id in components(ids, edges).items():
        members.setdefault(component_id, []).append(article_id)
    return list(members.values())


def _part_bounded(
    members: list[str], matched: Mapping[str, Sequence[tuple[str, float]]], overlaps: AllPairs
) -> list[list[str]]:
    """The members of one component, parted; of a large one its best connected stand for the rest."""
    if len(members) <= LARGEST_COMPONENT:
        return _part(members, overlaps)
    by_degree = sorted(members, key=lambda member: (-len(matched[member]), member))
    groups = _part(sorted(by_degree[:LARGEST_COMPONENT]), overlaps)
    group_of = {member: number for number, group in enumerate(groups) for member in group}
    waiting = [member for member in members if member not in group_of]
    while waiting:
        placed = {}
        for member in waiting:
            known = [(-overlap, other) for other, overlap in matched[member] if other in group_of]
            if known:
                placed[member] = group_of[min(known)[1]]
        group_of.update(placed)
        waiting = [member for member in waiting if member not in placed]
    parted: list[list[str]] = [[] for _ in groups]
    for member in members:
        parted[group_of[member]].append(member)
    return parted


def _part(members: list[str], overlaps: AllPairs) -> list[list[str]]:
    """The members of one component, parted where two groups differ more than each within itself."""
    if len(members) <= 2:
        return [members]
    found = overlaps(members)
    groups = [list(group) for group in found.groups]
    size = np.array([len(group) for group in groups], dtype=np.float64)
    for kept, gone in _merges(size, found.smaller.copy(), found.larger.copy(), found.joined.copy()):
        groups[kept] += groups[gone]
        groups[gone] = []
    return [sorted(group) for group in groups if group]


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
