"""What views show and do not compute is stored before a publish: all of it, once, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flows import figures
from transforms.edits import changed_words
from warehouse.connection import Connection
from warehouse.migrate import migrate

_LINE = st.lists(st.sampled_from(["a", "b", "c", "“d”", '"d"', "e"]), min_size=1, max_size=8)
_BODY = st.lists(_LINE.map(" ".join), min_size=1, max_size=4).map("\n".join)


@pytest.fixture(scope="module")
def con() -> Iterator[Connection]:
    """Tables and views without rows."""
    with duckdb.connect(":memory:") as opened:
        migrate(opened, datetime(2026, 1, 1, tzinfo=UTC))
        yield opened


def _put(con: Connection, texts: list[tuple[str, ...]]) -> None:
    """Articles in place of those that are there, each with these texts, one after the other."""
    con.execute("delete from articles")
    con.execute("delete from article_versions")
    con.executemany(
        """insert into articles by name select $n as article_id, 'u' as url, 'u' as url_key,
        'H' as headline, $body as body, now() as first_seen_at, now() as fetched_at,
        2 as word_count, sha256($body) as body_sha256, $count as version_no, 'p' as page_id""",
        [{"n": str(n), "body": each[-1], "count": len(each)} for n, each in enumerate(texts)],
    )
    con.executemany(
        """insert into article_versions by name select $n as article_id, $no as version_no,
        'H' as headline, $body as body, sha256($body) as body_sha256, 'p' as page_id,
        now() as seen_at""",
        [
            {"n": str(n), "no": no, "body": body}
            for n, each in enumerate(texts)
            for no, body in enumerate(each, start=1)
        ],
    )


def _stored(con: Connection) -> int:
    return int(con.execute("select count(*) from mart.changed_words").fetchall()[0][0])


@settings(max_examples=10, deadline=None)
@given(pairs=st.lists(st.tuples(_BODY, _BODY), min_size=1, max_size=40))
def test_the_view_shows_the_words_that_were_changed(
    con: Connection, pairs: list[tuple[str, str]]
) -> None:
    """Those `transforms.edits` finds, of every two texts, whatever was stored for others before."""
    _put(con, pairs)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(figures, "_PAIRS", 7)  # several rounds
        figures.store_figures(con)
    viewed = con.execute(
        "select removed, added, removed_word_count, added_word_count from mart.edits"
        " order by article_id::int"
    ).fetchall()
    expected = []
    for base, text in pairs:
        fewer, more = changed_words(base, text)
        removed, added = [base[a:b] for a, b in fewer], [text[a:b] for a, b in more]
        counts = [len(" ".join(words).split()) for words in (removed, added)]
        expected.append((removed, added, *counts))

    assert viewed == expected
    assert _stored(con) == len(set(pairs))


def test_what_is_stored_follows_the_texts(con: Connection) -> None:
    """Two texts are compared once, however often it is asked, and forgotten with the last pair."""
    _put(con, [("one two three", "one two four"), ("one two three", "one two four"), ("x", "y")])
    figures.store_figures(con)
    first = _stored(con)
    con.execute("update mart.changed_words set removed = ['kept']")
    figures.store_figures(con)
    kept = con.execute("select distinct removed from mart.changed_words").fetchall()
    _put(con, [("one two three", "one two four"), ("x", "y", "z")])
    figures.store_figures(con)
    grown = _stored(con)
    _put(con, [("x",)])
    figures.store_figures(con)

    assert (first, kept, grown, _stored(con)) == (2, [(["kept"],)], 3, 0)
