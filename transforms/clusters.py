"""Clusters: the articles that run one text, from the matches among them.

A projection of the set of matches, so that it cannot depend on the order in which articles came.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

from transforms.records import Cluster, ClusterArticle, Match, MatchKind

_NEVER = datetime.max.replace(tzinfo=UTC)


def cluster(articles: Sequence[ClusterArticle], matches: Sequence[Match]) -> list[Cluster]:
    """The clusters of whole connected components, ascending by id; the order of input is irrelevant.

    Excerpts never merge. A match with an article that is not among `articles` is left out.

    Args:
        articles: Every article of the components, each once.
        matches: The matches among them.
    """
    by_id = {article.article_id: article for article in articles}
    edges = [
        (match.article_a, match.article_b)
        for match in matches
        if match.kind is MatchKind.NEAR_DUPLICATE
        and match.article_a in by_id
        and match.article_b in by_id
    ]
    return [_describe(members, by_id) for members in _components(by_id, edges)]


def _components(ids: Iterable[str], edges: Iterable[tuple[str, str]]) -> list[list[str]]:
    """The connected components, each ascending, ascending by their first member."""
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
    return sorted(members.values())


def _describe(members: list[str], articles: dict[str, ClusterArticle]) -> Cluster:
    origin = min((articles[member] for member in members), key=_precedence)
    return Cluster(members[0], origin.article_id, tuple(members))


def _precedence(article: ClusterArticle) -> tuple[bool, datetime, str, str]:
    """An agency's own before others, then the earliest; an unknown time is the latest of all."""
    published = article.published_at or _NEVER
    return (not article.is_agency, published, article.url_key, article.article_id)
