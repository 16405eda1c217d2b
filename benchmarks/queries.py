"""The views for analysts on a million articles: seconds a view, against a plain query of its tables.

    python -m benchmarks.queries [--articles 1000000] [--repeats 3] [--file FOLDER] [--write]

The tables are those of `benchmarks.queries_tables`. Each view is read whole: a sum over a hash of every
column, so that none is left out. The ten questions of docs/questions.md are asked as they stand there.
Between views runs a plain query, because other programs share the machine: compare ratios.
"""

from __future__ import annotations

import argparse
import re
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import duckdb

from benchmarks.queries_tables import CONFIG, NOW, build
from warehouse.connection import Connection
from warehouse.load import count_wire_words
from warehouse.migrate import migrate

RESULT = Path(__file__).parent / "results" / "queries.md"
_QUESTIONS = Path(__file__).parents[1] / "docs" / "questions.md"

_PLAIN = "select publisher_id, count(*), sum(word_count), max(headline) from articles group by all"
_JOIN = """
select count(distinct members.cluster_id), sum(articles.word_count)
from articles inner join cluster_members as members on articles.article_id = members.article_id
"""
_BODIES = "select sum(length(body)) from articles"
_VIEWS = (
    "articles_wide",
    "wire_spread",
    "publisher_originality",
    "attention_by_day",
    "first_publishers",
    "coverage_gaps",
    "freshness",
)
_WHOLE = "select count(*), sum(hash(answer) % 1000)"
_WITHOUT_TEXT = "columns(lambda name: name <> 'body')"


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
        seconds = count_all(path)
        text = table(measure(path, arguments.repeats), path, seconds)
    print(text)
    if arguments.write:
        RESULT.write_text(text, encoding="utf-8")


def count_all(path: Path) -> float:
    """Count the wire copy of all articles anew; returns the CPU seconds that took."""
    con = duckdb.connect(str(path), config={**CONFIG, "temp_directory": f"{path}.tmp"})
    con.execute("set TimeZone = 'UTC'")
    migrate(con, NOW)
    con.execute("delete from mart.wire_words")
    began = time.process_time()
    count_wire_words(con)
    seconds = time.process_time() - began
    con.close()
    return seconds


def measure(path: Path, repeats: int) -> list[Measured]:
    """Ask every question `repeats` times, in turn."""
    con = duckdb.connect(str(path), read_only=True, config=CONFIG)
    con.execute("set TimeZone = 'UTC'")
    questions = _questions(con)
    times: dict[str, list[tuple[float, float]]] = {name: [] for name in questions}
    rows: dict[str, int] = {}
    for turn in range(repeats + 1):  # the first reads the file into memory and is not counted
        for name, query in questions.items():
            began, cpu_began = time.monotonic(), time.process_time()
            answer = con.execute(query).fetchall()
            rows[name] = int(answer[0][0]) if query.startswith(_WHOLE) else len(answer)
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
    edited = f"(select * from mart.edits where cluster_id = '{largest}')"  # noqa: S608 - our own id
    return {
        "plain: articles by publisher": _whole(f"({_PLAIN})"),
        "plain: articles with their clusters": _whole(f"({_JOIN})"),
        "plain: length of all bodies": _whole(f"({_BODIES})"),
        **{
            f"mart.{view}": _whole(
                f"mart.{view}", _WITHOUT_TEXT if view == "articles_wide" else "*"
            )
            for view in _VIEWS
        },
        "mart.articles_wide, one day": _whole(
            "(select * from mart.articles_wide where published_at >= timestamptz '2025-05-05 00:00:00+00'"
            " and published_at < timestamptz '2025-05-06 00:00:00+00')",
            _WITHOUT_TEXT,
        ),
        "mart.articles_wide, one day, with bodies": _whole(
            "(select * from mart.articles_wide where published_at >= timestamptz '2025-05-05 00:00:00+00'"
            " and published_at < timestamptz '2025-05-06 00:00:00+00')"
        ),
        "mart.first_publishers, the largest cluster": _whole(
            f"(select * from mart.first_publishers where cluster_id = '{largest}')"  # noqa: S608 - our own id
        ),
        "mart.wire_spread, the largest cluster": _whole(
            f"(select * from mart.wire_spread where cluster_id = '{largest}')"  # noqa: S608 - our own id
        ),
        "mart.edits, the largest cluster": _whole(edited),
        "mart.edits, reprints of one day": _whole(
            "(select * from mart.edits where change = 'reprint'"
            " and seen_at >= timestamptz '2025-05-05 00:00:00+00'"
            " and seen_at < timestamptz '2025-05-06 00:00:00+00')"
        ),
        **dict(_examples()),
    }


def _examples() -> list[tuple[str, str]]:
    """The ten questions of the documentation, by number and heading."""
    page = _QUESTIONS.read_text(encoding="utf-8")
    return re.findall(r"^## (\d+\. .+?)$.+?```sql\n(.+?)```", page, re.MULTILINE | re.DOTALL)


def _whole(relation: str, columns: str = "*") -> str:
    return f"{_WHOLE} from (select {columns} from {relation}) as answer"  # noqa: S608 - names of our own


def table(measured: list[Measured], path: Path, fill_s: float) -> str:
    """The result as Markdown."""
    plain = measured[1].cpu_s
    con = duckdb.connect(str(path), read_only=True)
    counts = con.execute(
        "select (select count(*) from articles), (select count(*) from passages),"
        " (select count(*) from clusters where article_count > 1),"
        " (select max(article_count) from clusters)"
    ).fetchall()[0]
    con.close()
    lines = [
        "# Queries",
        "",
        "`python -m benchmarks.queries --write`: the views on made-up tables.",
        f"{counts[0]:,} articles, {counts[1]:,} passages, {counts[2]:,} clusters of more than one,",
        f"the largest of {counts[3]:,}; {path.stat().st_size / 1e9:.1f} GB.",
        f"DuckDB {duckdb.__version__}, two threads, 3 GB of memory, wire copy counted beforehand.",
        "Every column of every row is computed, the bodies of `articles_wide` excepted. Publication",
        "times are strewn over the file, the worst case for a query of one day.",
        "",
        "Other programs shared the two cores, so seconds say little; CPU seconds, of both threads, and",
        "the ratio of these to the plain join of articles with their clusters say more. Half the CPU",
        "seconds is about what a query takes on two cores of its own. The least of the repeats.",
        "",
        "| query | rows | seconds | CPU s | ratio |",
        "|---|---:|---:|---:|---:|",
    ]
    lines += [
        f"| {row.name} | {row.row_count:,} | {row.wall_s:.2f} | {row.cpu_s:.2f} "
        f"| {row.cpu_s / plain:.1f} |"
        for row in measured
    ]
    count = f"Counting the wire copy of all articles (`load/wire_words`): {fill_s:.0f} CPU seconds."
    return "\n".join([*lines, "", count, ""])


if __name__ == "__main__":
    main()
