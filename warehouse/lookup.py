"""What the flows must know before they write: captures already read, articles already held, and
which articles a batch must be compared with. Rows come back as dictionaries by column name.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from typing import cast

import numpy as np
import pyarrow as pa

from warehouse.connection import Connection
from warehouse.load import article_id, ids_table, keys_table, staged
from warehouse.statements import statement

Found = dict[str, object]
Pair = tuple[str, str]

_TEXTS = 100


def by_ids(con: Connection, name: str, ids: Iterable[str], **values: object) -> list[Found]:
    """The rows of `lookup/{name}` for these ids (or URLs, where the statement asks for URLs)."""
    arrow = ids_table(ids)
    if not arrow.num_rows:
        return []
    with staged(con, staged_ids=arrow):
        return rows(con, name, **values)


def known_pages(con: Connection, page_ids: Iterable[str]) -> set[str]:
    """Those of these captures that are already in `raw.pages`."""
    return {str(row["page_id"]) for row in by_ids(con, "pages", page_ids)}


def running_runs(con: Connection) -> list[str]:
    """The runs whose rows say that they have not ended."""
    return [str(row["run_id"]) for row in rows(con, "running_runs")]


def ledger(con: Connection, ledger_ids: Iterable[str], article_ids: Iterable[str]) -> list[Found]:
    """The ledger rows of these inputs, and of every other input that leads to these articles."""
    with staged(con, staged_ids=ids_table(ledger_ids), staged_articles=ids_table(article_ids)):
        return rows(con, "ledger")


def due(
    con: Connection,
    name: str,
    now: datetime,
    page_count: int,
    *,
    but: Iterable[str] = (),
    source_ids: Iterable[str] | None = None,
) -> list[Found]:
    """Pages that are due, those of different hosts first.

    Args:
        con: The writer's connection.
        name: `due_pages`: those that are pending; `due_rechecks`: those to look at again.
        now: Aware.
        page_count: How many at most.
        but: Inputs to leave out.
        source_ids: The sources they must be of; of any where None.
    """
    values = {"now": now, "page_count": page_count, "is_restricted": source_ids is not None}
    with staged(con, staged_ids=ids_table(but), staged_sources=ids_table(source_ids or ())):
        return rows(con, name, **values)


def pairs(con: Connection, name: str, article_ids: Iterable[str], **values: object) -> list[Pair]:
    """The pairs of article ids that `lookup/{name}` gives for these articles, ascending."""
    with staged(con, staged_keys=keys_table(article_ids)):
        return _pairs(con, name, values)


def passage_pairs(
    con: Connection, article_ids: Iterable[str], reprints: pa.Table, **values: object
) -> list[Pair]:
    """The pairs of two publishers, one of these articles among them, that may share a passage.

    Args:
        con: The writer's connection.
        article_ids: The articles.
        reprints: What `lookup/reprints` says of them.
        values: As the statement wants them.
    """
    with staged(con, staged_keys=keys_table(article_ids), staged_reprints=reprints):
        return _pairs(con, "passage_pairs", values)


def staged_table(
    con: Connection, name: str, tables: Mapping[str, pa.Table], **values: object
) -> pa.Table:
    """The rows of `lookup/{name}`, which reads these staged tables, as an Arrow table."""
    with staged(con, **tables):
        return con.sql(statement(f"lookup/{name}"), params=values or None).to_arrow_table()


def index_rows(
    con: Connection, name: str, article_ids: Iterable[str], **values: object
) -> pa.Table:
    """The rows of `lookup/{name}`, which asks the index about these articles, as an Arrow table."""
    with staged(con, staged_keys=keys_table(article_ids)):
        return con.sql(statement(f"lookup/{name}"), params=values or None).to_arrow_table()


def within(
    con: Connection, name: str, article_ids: Iterable[str], first_day: date, last_day: date
) -> list[Found]:
    """The rows of `lookup/{name}` for these articles.

    Most were published between these days, so that little is read of what lies outside; the others
    are looked for everywhere.
    """
    wanted = set(article_ids)
    found: list[Found] = []
    for first, last in ((first_day, last_day), (date.min, date.max)):
        if wanted:
            rows = index_rows(con, name, wanted, first_day=first, last_day=last).to_pylist()
            wanted -= {article_id(row["article_key"]) for row in rows}
            found += rows
    return found


def shingles(
    con: Connection,
    article_ids: Iterable[str],
    first_day: date = date.min,
    last_day: date = date.max,
) -> dict[str, np.ndarray]:
    """The ascending shingle hashes of these articles, by article id; see `within` for the days."""
    return {
        article_id(int(str(row["article_key"]))): np.frombuffer(
            cast(bytes, row["shingles"]), dtype="<u8"
        )
        for row in within(con, "shingles", article_ids, first_day, last_day)
    }


def counts(con: Connection, name: str) -> dict[str, int]:
    """The one row of a counting lookup, by column."""
    return {str(key): int(str(value)) for key, value in rows(con, name)[0].items()}


def of_run(con: Connection, name: str, run_id: str) -> list[Found]:
    """The rows of `lookup/{name}` for a run."""
    result = con.execute(statement(f"lookup/{name}"), {"run_id": run_id})
    columns = [column[0] for column in result.description]
    return [dict(zip(columns, row, strict=True)) for row in result.fetchall()]


def rows(con: Connection, name: str, **values: object) -> list[Found]:
    """The rows of `lookup/{name}` for these named values."""
    result = con.execute(statement(f"lookup/{name}"), values or None)
    columns = [column[0] for column in result.description]
    return [dict(zip(columns, row, strict=True)) for row in result.fetchall()]


def uncompared_texts(con: Connection, pair_count: int) -> Iterator[tuple[str, str, str, str]]:
    """Texts whose changed words are not stored: digests of the former and the later, then these.

    At most so many pairs, of which some may be the same. They are read while they are taken, before
    anything else is asked of the connection.
    """
    result = con.execute(statement("lookup/uncompared_texts"), {"pair_count": pair_count})
    while batch := result.fetchmany(_TEXTS):
        yield from batch


def pages_between(con: Connection, since: date, until: date) -> np.ndarray:
    """The captures of these days, both included, in the order in which they lie on disk.

    They come as the numbers their ids spell, for there may be very many: eight bytes each.
    """
    values = {"since": since, "until": until}
    found = con.execute(statement("lookup/pages_between"), values).fetchnumpy()
    return np.asarray(found["page_key"])


def _pairs(con: Connection, name: str, values: Mapping[str, object]) -> list[Pair]:
    found = con.execute(statement(f"lookup/{name}"), values).fetchnumpy()
    keys = zip(found["key_a"].tolist(), found["key_b"].tolist(), strict=True)
    return sorted((article_id(a), article_id(b)) for a, b in keys)
