"""Driving the comparison by itself: articles as texts, a publisher and a time, on a real file.

What extraction would add is left out: every line of a body is prose, and what begins with "# " a heading.
"""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from random import Random

import duckdb

from flows import compare
from flows.compare import Comparable
from transforms.records import ComparisonText
from warehouse import load
from warehouse.connection import LIVE, transaction, writer
from warehouse.migrate import migrate

NOON = datetime(2026, 3, 30, 12, tzinfo=UTC)
DERIVED = (
    "matches",
    "clusters",
    "cluster_members",
    "passages",
    "article_agencies",
    "agency_evidence",
    "mart.wire_words",
    "reuse.components",
    "reuse.fingerprints",
    "reuse.bands",
    "reuse.seeds",
    "reuse.lines",
    "reuse.furniture",
)
"""All tables that the comparison writes."""

Row = tuple[object, ...]


@dataclass(frozen=True, slots=True)
class Article:
    """An article under a name of its own; `is_agency`: its publisher is an agency."""

    name: str
    body: str
    publisher_id: str | None = None
    published_at: datetime | None = NOON
    is_agency: bool = False

    @property
    def article_id(self) -> str:
        """Sixteen digits, in no relation to the name's place in the alphabet."""
        return article_id(self.name)


def invented(seed: str, words: int = 11) -> str:
    """A line of invented words, always the same for a seed, with none of another line's."""
    rng = Random(seed)  # noqa: S311 - words, not secrets
    return " ".join(
        "".join(
            [*rng.choices("bdfgklmnprstv", k=2), *rng.choices("aeiou", k=3), rng.choice("nrst")]
        )
        for _ in range(words)
    )


def lines(seed: str, *numbers: int) -> list[str]:
    """These lines of an invented text."""
    return [invented(f"{seed} {number}") for number in numbers]


def article_id(name: str) -> str:
    """The id of the article of this name."""
    return hashlib.sha256(name.encode()).hexdigest()[:16]


def comparison_text(article: Article) -> ComparisonText:
    """The text as the comparison sees it."""
    prose, headings, at = [], [], 0
    for line in article.body.split("\n"):
        if line.startswith("# "):
            headings.append((at, at + len(line)))
        elif line:
            prose.append((at, at + len(line)))
        at += len(line) + 1
    return ComparisonText(article.article_id, article.body, tuple(prose), headings=tuple(headings))


class Desk:
    """A warehouse of its own, into which articles come batch by batch."""

    def __init__(self, home: Path, template: Path | None = None) -> None:
        self.home = home
        self._names: dict[str, str] = {}
        if template is None:
            with writer(home, wait_s=5) as con:
                migrate(con, NOON)
        else:
            (home / LIVE).parent.mkdir(parents=True)
            shutil.copy(template / LIVE, home / LIVE)

    def receive(self, *articles: Article, without: Iterable[str] = ()) -> None:
        """Load and compare articles, new ones and ones held, in one batch; after dropping others."""
        gone = [article_id(name) for name in without]
        ids = [article.article_id for article in articles]
        self._names |= {article.article_id: article.name for article in articles}
        with writer(self.home, wait_s=5) as con, transaction(con):
            for left in (gone, ids):
                for table in ("articles", "article_agencies", "agency_evidence"):
                    load.delete(con, table, left)
                if left is gone and gone:
                    compare.remove(con, gone)
            load.append(con, "articles", list(map(_row, articles)))
            agencies = [article.article_id for article in articles if article.is_agency]
            own = {"agency_id": "mpa", "role": "self"}
            load.append(con, "article_agencies", [{**own, "article_id": each} for each in agencies])
            evidence = {"agency_id": "mpa", "signal": "dateline", "level": "self", "text": "(MPA)"}
            load.append(
                con, "agency_evidence", [{**evidence, "article_id": each} for each in agencies]
            )
            compare.compare(con, list(map(_comparable, articles)), recredited=ids)
            # What a run does after its batches, before it publishes.
            load.count_wire_words(con)

    def ask(self, query: str) -> list[Row]:
        """The rows of a query."""
        with duckdb.connect(str(self.home / LIVE), read_only=True) as con:
            con.execute("set TimeZone = 'UTC'")
            return con.execute(query).fetchall()

    def count(self, table: str) -> int:
        """How many rows a table has."""
        return len(self.ask(f"select 1 from {table}"))  # noqa: S608 - names of our own tables

    def tables(self) -> dict[str, list[Row]]:
        """Every table that the comparison writes, sorted."""
        return {name: self.ask(f"from {name} order by all") for name in DERIVED}

    def clusters(self) -> list[set[str]]:
        """The names of the articles of each cluster."""
        rows = self.ask("select cluster_id, list(article_id) from cluster_members group by all")
        return [{self._names[str(each)] for each in ids} for _, ids in rows]  # type: ignore[attr-defined]

    def origins(self) -> dict[str, str]:
        """Why the origin of each cluster is its origin, by its name."""
        rows = self.ask("select origin_article_id, origin_basis from clusters")
        return {self._names[str(origin)]: str(basis) for origin, basis in rows}

    def matches(self) -> dict[frozenset[str], str]:
        """The kind of each match, by the names of the pair."""
        rows = self.ask("select article_a, article_b, kind from matches")
        return {
            frozenset((self._names[str(a)], self._names[str(b)])): str(kind) for a, b, kind in rows
        }

    def passages(self) -> dict[frozenset[str], list[str]]:
        """What stands in the passages of each pair, on the side of the first id, by names."""
        rows = self.ask(
            """
            select article_a, article_b, substring(body, a_start + 1, a_end - a_start)
            from passages
            inner join articles on article_a = article_id
            order by all
            """
        )
        found: dict[frozenset[str], list[str]] = {}
        for a, b, text in rows:
            pair = frozenset((self._names[str(a)], self._names[str(b)]))
            found.setdefault(pair, []).append(str(text))
        return found


def batches(articles: Sequence[Article], size: int) -> Iterable[Sequence[Article]]:
    """The articles in batches of this size."""
    return (articles[first : first + size] for first in range(0, len(articles), size))


def _comparable(article: Article) -> Comparable:
    return Comparable(comparison_text(article), article.published_at, article.publisher_id)


def _row(article: Article) -> dict[str, object]:
    return {
        "article_id": article.article_id,
        "publisher_id": article.publisher_id,
        "url": article.name,
        "url_key": article.name,
        "headline": "",
        "body": article.body,
        "published_at": article.published_at,
        "first_seen_at": NOON,
        "fetched_at": NOON,
        "word_count": len(article.body.split()),
        "body_sha256": article.name,
        "version_no": 1,
        "page_id": article.name,
    }
