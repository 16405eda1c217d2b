"""The views for analysts on a million articles: seconds a view, against a plain query of its tables.

    python -m benchmarks.queries [--articles 1000000] [--repeats 3] [--file FOLDER] [--write]

The tables are those of `benchmarks.queries_tables`. Each view is read whole: a sum over a hash of every
column, so that none is left out. The ten questions of docs/questions.md are asked as they stand there.
Other programs share the machine: compare ratios to the plain queries.
"""

from __future__ import annotations

import argparse
import re
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import duckdb

from benchmarks.queries_tables import CONFIG, NOW, build
from flows.figures import store_figures
from warehouse.connection import Connection
from warehouse.load import count_wire_words
from warehouse.migrate import migrate

RESULT = Path(__file__).parent / "results" / "queries.md"
MEMORY = "4GB"
_QUESTIONS = Path(__file__).parents[1] / "docs" / "questions.md"

_PLAIN = "select publisher_id, count(*), sum(word_count), max(headline) from articles group by all"
_JOIN = """
select count(distinct members.cluster_id), sum(articles.word_count)
from articles inner join cluster_members as members on articles.article_id = members.article_id
"""
_BODIES = "select sum(length(body)) from articles"
_VIEWS = (
    "articles_wide",
    "article_wire",
    "edit_pairs",
    "edits",
    "wire_spread",
    "publisher_originality",
    "attention_by_day",
    "first_publishers",
    "coverage_gaps",
    "freshness",
)
_WHOLE = "select count(*), sum(hash(answer) % 1000)"
_WIDE = "* exclude (body)"
_BUT_TEXT = {"articles_wide": _WIDE}


@dataclass(frozen=True)
class Measured:
    """What was asked, its rows, and the least seconds and CPU seconds of the repeats."""

    name: str
    row_count: int
    wall_s: float
    cpu_s: float


def main() -> None:
    """Write the tables, measure, print the table, and with --write keep it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, default=1_000_000)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument(
        "--file", type=Path, help="keep the database here, and use it if it is there"
    )
    parser.add_argument("--write", action="store_true", help=f"write {RESULT.name}")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = arguments.file or Path(folder, "news.duckdb")
        if not path.exists():
            build(path, arguments.articles)
        seconds = store_all(path)
        text = table(measure(path, arguments.repeats), path, *seconds)
    print(text)
    if arguments.write:
        RESULT.write_text(text, encoding="utf-8")


def store_all(path: Path) -> tuple[float, float, float]:
    """Store all figures anew; returns CPU seconds: for wire copy, for changed words, with nothing new."""
    con = _open(path, "160MB", read_only=False)  # as the writer's
    migrate(con, NOW)
    con.execute("delete from mart.wire_words")
    con.execute("delete from mart.changed_words")
    stores = (count_wire_words, store_figures, store_figures)
    seconds = [_cpu_s(store, con) for store in stores]
    con.close()
    return seconds[0], seconds[1], seconds[2]


def _open(path: Path, memory: str = MEMORY, *, read_only: bool = True) -> Connection:
    config = {**CONFIG, "memory_limit": memory, "temp_directory": f"{path}.tmp"}
    con = duckdb.connect(str(path), read_only=read_only, config=config)
    con.execute("set TimeZone = 'UTC'")
    con.execute("set enable_progress_bar = false")
    return con


def _cpu_s(store: Callable[[Connection], None], con: Connection) -> float:
    began = time.process_time()
    store(con)
    return time.process_time() - began


def measure(path: Path, repeats: int) -> list[Measured]:
    """Ask every question `repeats` times, in turn."""
    con = _open(path)
    questions = _questions(con)
    times: dict[str, list[tuple[float, float]]] = {name: [] for name in questions}
    rows: dict[str, int] = {}
    for turn in range(repeats + 1):  # the first reads the file into memory and is not counted
        for name, query in questions.items():
            began, cpu_began = time.monotonic(), time.process_time()
            answer = con.execute(query).fetchall()
            is_count = query.startswith((_WHOLE, "create"))
            rows[name] = int(answer[0][0]) if is_count else len(answer)
            if turn:
                took = (time.monotonic() - began, time.process_time() - cpu_began)
                times[name].append(took)
    con.close()
    return [
        Measured(name, rows[name], min(w for w, _ in times[name]), min(c for _, c in times[name]))
        for name in questions
    ]


def _questions(con: Connection) -> dict[str, str]:
    """Queries by name. Each gives how many rows it read, and a sum over a hash of all columns."""
    largest = con.execute(
        "select cluster_id from clusters order by article_count desc, cluster_id limit 1"
    ).fetchall()[0][0]
    one_cluster = f"where cluster_id = '{largest}'"
    widest = "where cluster_id in (select arg_max(cluster_id, article_count) from clusters)"
    one_day = (
        "where {0} >= timestamptz '2025-05-05 00:00:00+00'"
        " and {0} < timestamptz '2025-05-06 00:00:00+00'"
    )
    one_month = (
        "where publisher_host = 'p7.example' and published_on between '2025-05-01' and '2025-05-31'"
    )
    articles = "articles inner join cluster_members using (article_id)"
    return {
        "plain: articles by publisher": _whole(_PLAIN),
        "plain: articles with their clusters": _whole(_JOIN),
        "plain: length of all bodies": _whole(_BODIES),
        "plain: articles of the largest cluster": _whole(
            f"select article_id, publisher_id, published_at from {articles} {one_cluster}"  # noqa: S608 - our own names
        ),
        **{
            f"whole: {view}": _whole(f"from mart.{view}", _BUT_TEXT.get(view, "*"))
            for view in _VIEWS
        },
        "whole: articles_wide, kept in a table": (
            "create or replace temp table kept as select * exclude (body) from mart.articles_wide"
        ),
        "whole: articles_wide with bodies": _whole("from mart.articles_wide"),
        "one cluster: first_publishers": _whole(f"from mart.first_publishers {one_cluster}"),
        "one cluster: wire_spread": _whole(f"from mart.wire_spread {one_cluster}"),
        "one cluster: articles_wide": _whole(f"from mart.articles_wide {one_cluster}", _WIDE),
        "one cluster: edits": _whole(f"from mart.edits {one_cluster}"),
        "one cluster, by subquery: first_publishers": _whole(
            f"from mart.first_publishers {widest}"
        ),
        "one cluster, by subquery: wire_spread": _whole(f"from mart.wire_spread {widest}"),
        "one cluster, by subquery: edits": _whole(f"from mart.edits {widest}"),
        "one day: articles_wide": _whole(
            f"from mart.articles_wide {one_day.format('published_at')}", _WIDE
        ),
        "one day: articles_wide with bodies": _whole(
            f"from mart.articles_wide {one_day.format('published_at')}"
        ),
        "one day: edits": _whole(f"from mart.edits {one_day.format('seen_at')}"),
        "one publisher's month: articles_wide": _whole(
            f"from mart.articles_wide {one_month}", _WIDE
        ),
        **dict(_examples()),
    }


def _examples() -> list[tuple[str, str]]:
    """The ten questions of the documentation, by number and heading."""
    page = _QUESTIONS.read_text(encoding="utf-8")
    return re.findall(r"^## (\d+\. .+?)$.+?```sql\n(.+?)```", page, re.MULTILINE | re.DOTALL)


def _whole(query: str, columns: str = "*") -> str:
    return f"{_WHOLE} from (select {columns} from ({query})) as answer"  # noqa: S608 - names of our own


def table(
    measured: list[Measured], path: Path, wire_s: float, changed_s: float, nothing_s: float
) -> str:
    """The result as Markdown."""
    plain = measured[1].cpu_s
    con = _open(path)
    counts = con.execute(
        "select (select count(*) from articles), (select count(*) from passages),"
        " (select count(*) from clusters where article_count > 1),"
        " (select max(article_count) from clusters), (select count(*) from mart.changed_words)"
    ).fetchall()[0]
    con.close()
    lines = [
        "# Queries",
        "",
        "`python -m benchmarks.queries --write`: the views on made-up tables.",
        f"{counts[0]:,} articles, {counts[1]:,} passages, {counts[2]:,} clusters of more than one,",
        f"the largest of {counts[3]:,}, {counts[4]:,} pairs of texts; {path.stat().st_size / 1e9:.1f} GB.",
        f"DuckDB {duckdb.__version__}, two threads, {MEMORY} of memory, figures stored as in every",
        "published copy, the file in the page cache.",
        "",
        "`whole` computes every column of every row (a hash of each, summed), the bodies of",
        "`articles_wide` left out where the line does not say otherwise; a client that takes all these",
        "rows over needs time for that beside. The others are what an analyst asks: one cluster is the",
        "largest, by its id or by a subquery that finds it. Publication times are strewn over the file,",
        "the worst case for a query of one day. Numbered lines are docs/questions.md.",
        "",
        "Other programs shared the two cores, so seconds are an upper bound; half the CPU seconds, which",
        "are those of both threads, is a lower one. `ratio` is CPU against the plain join of articles",
        "with their clusters. The least of the repeats.",
        "",
        "| query | rows | seconds | CPU s | ratio |",
        "|---|---:|---:|---:|---:|",
    ]
    lines += [
        f"| {row.name} | {row.row_count:,} | {row.wall_s:.2f} | {row.cpu_s:.2f} "
        f"| {row.cpu_s / plain:.1f} |"
        for row in measured
    ]
    return "\n".join(
        [
            *lines,
            "",
            f"Stored before a publish, CPU seconds for all articles: wire copy {wire_s:.0f}, changed words",
            f"{changed_s:.0f}; {nothing_s:.1f} where nothing is new.",
            "",
        ]
    )


if __name__ == "__main__":
    main()
