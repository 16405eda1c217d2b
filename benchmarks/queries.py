"""The views for analysts on a million articles: seconds a view, against a plain query of its tables.

    python -m benchmarks.queries [--articles 1000000] [--repeats 3] [--file FOLDER] [--write]

An ingest of that size takes hours, so the tables are written by SQL: 400 publishers, a year, clusters
with a heavy tail, bodies of some 280 words in lines that reprints share with their origin, and the
passages these lines make. Everything follows from hashes of row numbers: the same rows everywhere.
Each view is read whole: a sum over a hash of every column, so that none is left out. Between views
runs a plain query, because other programs share the machine: compare ratios.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from warehouse.connection import Connection, transaction
from warehouse.load import count_wire_words
from warehouse.migrate import migrate

_NOW = datetime(2026, 1, 1, tzinfo=UTC)
RESULT = Path(__file__).parent / "results" / "queries.md"
_STEP = 100_000
_CONFIG: dict[str, str | bool | int | float | list[str]] = {
    "threads": 2,
    "memory_limit": "3GB",
    "preserve_insertion_order": False,
    "storage_compatibility_version": "v1.5.0",
}

_POOL = """
create temp table vocabulary as
select list(
    if(hash(concat(i, 'accent')) % 40 = 0, 'é', '') || md5(i::varchar)[:(2 + hash(concat(i, 'w')) % 9)::int]
    order by i
) as words
from range(5000) as numbers (i);

create temp table line_pool as
select
    n,
    12 + (hash(concat(n, 'words')) % 48)::int as word_count,
    array_to_string(
        list_transform(
            range(12 + (hash(concat(n, 'words')) % 48)::int),
            lambda k: vocabulary.words[1 + (hash(n, k) % 5000)::int]
        ),
        ' '
    ) || '.' as line,
    length(line) as size
from range(200000) as numbers (n), vocabulary;
"""

_PLAN = """
create temp table plan as
with sized as (
    select
        k,
        if(
            hash(concat(k, 'single')) / 18446744073709551616.0 < 0.9,
            1,
            least(200, floor(2 * (hash(concat(k, 'size')) / 18446744073709551616.0 + 1e-9) ** -0.6))
        )::int as size
    from range($articles) as numbers (k)
),
placed as (
    select
        size,
        coalesce(sum(size) over (order by k rows between unbounded preceding and 1 preceding), 0)::int
        as origin
    from sized
),
spread as (
    select origin, size, origin + j as i, j
    from placed, lateral (select unnest(range(size)) as j) as members
    where origin + j < $articles
),
timed as (
    select
        i,
        j,
        origin,
        (hash(concat(i, 'dating')) % 100)::int as dating,
        timestamptz '2025-01-01 00:00:00+00'
        + to_seconds((hash(concat(origin, 'time')) % (86400 * 362))::bigint)
        + to_seconds(if(j = 0, 0, hash(concat(i, 'lag')) % 172800)::bigint) as moment
    from spread
)
select
    i,
    j,
    origin,
    format('{:016x}', hash(concat(i, 'article'))) as article_id,
    (hash(concat(i, 'publisher')) % 400)::int as publisher,
    moment,
    case
        when dating < 3 then null
        when dating < 10 then date_trunc('day', moment)
        when dating < 20 then date_trunc('minute', moment)
        else moment
    end as published_at,
    case when dating < 3 then null when dating < 10 then 'day' when dating < 20 then 'minute' else 'instant' end
    as published_precision
from timed
"""

# A line is the origin's in seven of eight lines of a reprint; four in five origins borrow three lines
# of an article before them; the others are an article's own.
_LINES = """
create or replace temp table body_lines as
with slots as (
    select
        i,
        k,
        case
            when j > 0 and hash(concat(i, '/', k)) % 8 > 0 then origin
            when j = 0 and i > 99 and hash(concat(i, 'borrows')) % 5 < 4 and k in (1, 2, 3)
                then i - 1 - (hash(concat(i, 'lender')) % 99)::int
            else i
        end as lender,
        (hash(concat(lender, 'line', k)) % 200000)::int as n
    from plan, lateral (select unnest(range(4 + (hash(concat(origin, 'lines')) % 9)::int)) as k) as lines
    where i >= $first and i < $first + $step
)
select
    i,
    k,
    lender,
    n,
    line,
    word_count,
    size,
    (sum(size + 1) over (partition by i order by k) - size - 1)::int as begins
from slots
inner join line_pool using (n)
"""

_ARTICLES = """
insert into articles by name
select
    article_id,
    if(publisher = 399, null, format('{:016x}', hash(concat(publisher, 'p')))) as publisher_id,
    'https://p' || publisher || '.example/' || i as url,
    url as url_key,
    any_value(line order by k)[:60] as headline,
    string_agg(line, chr(10) order by k) as body,
    'en' as language,
    published_at,
    published_precision,
    moment + to_seconds(60 + (hash(concat(i, 'seen')) % 7200)::bigint) as first_seen_at,
    moment + to_seconds(60) as fetched_at,
    sum(word_count)::int as word_count,
    md5(i::varchar) || md5(i::varchar) as body_sha256,
    if(hash(concat(i, 'version')) % 20 = 0, 2, 1) as version_no,
    format('{:016x}', hash(concat(i, 'page'))) as page_id,
    'The P' || publisher as publisher_name,
    'p' || publisher || '.example' as publisher_host
from body_lines
inner join plan using (i)
group by i, article_id, publisher, published_at, published_precision, moment
"""

_PASSAGES = """
insert into passages
with shared as (
    select
        mine.article_id as mine_id,
        other.article_id as other_id,
        mine_lines.begins as mine_begins,
        other_lines.begins as other_begins,
        mine_lines.size
    from body_lines as mine_lines
    inner join body_lines as other_lines
        on mine_lines.lender = other_lines.i and mine_lines.k = other_lines.k and mine_lines.n = other_lines.n
    inner join plan as mine on mine_lines.i = mine.i
    inner join plan as other on other_lines.i = other.i
    where mine_lines.i <> mine_lines.lender
)
select
    least(mine_id, other_id),
    if(mine_id < other_id, mine_begins, other_begins),
    if(mine_id < other_id, mine_begins, other_begins) + size,
    greatest(mine_id, other_id),
    if(mine_id < other_id, other_begins, mine_begins),
    if(mine_id < other_id, other_begins, mine_begins) + size,
    greatest(6, size // 10),
    'verbatim'
from shared
"""

_REST = """
insert into article_versions
select article_id, version_no, headline, body, body_sha256, page_id, fetched_at from articles;

insert into article_versions
select
    article_id,
    1,
    headline,
    replace(body, ' a', ' b'),
    md5(body) || md5(body),
    'older',
    fetched_at - interval 1 hour
from articles
where version_no = 2;

insert into cluster_members
with named as (select origin, min(article_id) as cluster_id from plan group by origin)
select article_id, cluster_id, if(j = 0, 'origin', 'reprint') from plan inner join named using (origin);

insert into clusters
select min(article_id), arg_min(article_id, j), count(*)::int, min(published_at)
from plan
group by origin;

insert into publishers
select format('{:016x}', hash(concat(k, 'p'))), 'The P' || k, 'p' || k || '.example'
from range(399) as numbers (k);

insert into agencies select 'agency' || k, 'Agency ' || k from range(20) as numbers (k);

insert into article_agencies
select
    article_id,
    'agency' || hash(concat(origin, 'agency')) % 20,
    if(j = 0 and hash(concat(origin, 'self')) % 2 = 0, 'self', 'owner')
from plan
where hash(concat(origin, 'wired')) % 10 < 2;

insert into sources
select 's' || k, 'slug' || k, 'https://p' || k || '.example/feed', 'feed', null
from range(400) as numbers (k);

insert into ops.ledger
select 'l' || article_id, article_id, 'loaded', null, 1, null, article_id, 'run' from plan;

insert into ops.entries
select 's' || publisher, 'f' || i // 100, i % 100, 'l' || article_id, article_id, 'loaded', null, null, 'run'
from plan;

insert into ops.entries
select 's' || publisher, 'g' || i // 100, i % 100, 'l' || article_id, article_id, 'duplicate', 'same_article', null, 'run'
from plan
where i % 2 = 0;
"""

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


def build(path: Path, articles: int) -> None:
    """Write a warehouse of so many articles."""
    con = duckdb.connect(str(path), config={**_CONFIG, "temp_directory": f"{path}.tmp"})
    con.execute("set TimeZone = 'UTC'")
    migrate(con, _NOW)
    con.execute(_POOL)
    con.execute(_PLAN, {"articles": articles})
    for first in range(0, articles, _STEP):
        con.execute(_LINES, {"first": first, "step": _STEP})
        con.execute(_ARTICLES)
        con.execute(_PASSAGES)
    with transaction(con):
        con.execute(_REST)
    con.close()


def count_all(path: Path) -> float:
    """Count the wire copy of all articles anew; returns the CPU seconds that took."""
    con = duckdb.connect(str(path), config={**_CONFIG, "temp_directory": f"{path}.tmp"})
    con.execute("set TimeZone = 'UTC'")
    migrate(con, _NOW)
    con.execute("delete from mart.wire_words")
    began = time.process_time()
    count_wire_words(con)
    seconds = time.process_time() - began
    con.close()
    return seconds


def measure(path: Path, repeats: int) -> list[Measured]:
    """Ask every question `repeats` times, in turn."""
    con = duckdb.connect(str(path), read_only=True, config=_CONFIG)
    con.execute("set TimeZone = 'UTC'")
    questions = _questions(con)
    times: dict[str, list[tuple[float, float]]] = {name: [] for name in questions}
    rows: dict[str, int] = {}
    for turn in range(repeats + 1):  # the first reads the file into memory and is not counted
        for name, query in questions.items():
            began, cpu_began = time.monotonic(), time.process_time()
            rows[name] = int(con.execute(query).fetchall()[0][0])
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
    largest = con.execute("select arg_max(cluster_id, article_count) from clusters").fetchall()[0][
        0
    ]
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
    }


def _whole(relation: str, columns: str = "*") -> str:
    return (
        "select count(*), sum(hash(answer) % 1000) "  # noqa: S608 - names of our own
        f"from (select {columns} from {relation}) as answer"
    )


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
