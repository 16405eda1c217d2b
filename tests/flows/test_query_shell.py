"""The shell in a real pseudo-terminal: what a person types, completes, recalls and sees."""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb
import pexpect
import pytest

from flows.query.completion import Names
from flows.query.keyboard import HISTORY
from warehouse.connection import PUBLISHED
from warehouse.query import Words

_ROOT = Path(__file__).parents[2]
_WAIT = 30
"""Seconds; a deadline for a slow machine, not a pause."""

WORDS = Words(
    {"articles": ("article_id", "headline"), "mart.freshness": ("slug", "median_s")},
    ("and", "as", "from", "join", "order", "select", "where"),
    ("arg_max", "lower"),
)


def _publish(home: Path, note: str) -> None:
    """As `wirecopy publish` does it: a whole copy takes the place of the last."""
    draft = home / "draft.duckdb"
    with duckdb.connect(str(draft)) as con:
        con.execute("create table articles (article_id integer, headline varchar)")
        con.execute("insert into articles values (1, ?)", [note])
        con.execute("create schema mart")
        con.execute("create view mart.freshness as select 1 as median_s")
    draft.replace(home / PUBLISHED)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A data folder with a published copy."""
    _publish(tmp_path, "first state")
    return tmp_path


@contextmanager
def _shell(home: Path) -> Iterator[pexpect.spawn[str]]:
    child = pexpect.spawn(
        sys.executable,
        ["-m", "flows.cli", "sql", "--home", str(home)],
        cwd=str(_ROOT),
        env={**os.environ, "TERM": "xterm", "PROMPT_TOOLKIT_NO_CPR": "1"},
        encoding="utf-8",
        timeout=_WAIT,
        dimensions=(40, 160),
    )
    try:
        child.expect("wirecopy>")
        yield child
    finally:
        child.close(force=True)


def _bye(child: pexpect.spawn[str]) -> None:
    child.sendeof()
    child.expect(pexpect.EOF)
    child.wait()
    assert child.exitstatus == 0


def test_completion_history_and_the_newest_copy(home: Path) -> None:
    """Tab writes names of tables and columns; a later shell recalls; each answer is of the last copy."""
    with _shell(home) as child:
        child.send("sel\t headl\t from artic\t;")
        child.send("\r")
        child.expect("first state")
        child.expect(r"\(1 row\)")
        child.expect("wirecopy>")
        _publish(home, "second state")
        child.send("\x1b[A\r")  # the key "up"
        child.expect("second state")
        child.expect("wirecopy>")
        _bye(child)

    history = home / HISTORY
    assert "+select headline from articles;" in history.read_text()
    assert stat.S_IMODE(history.stat().st_mode) == 0o600
    with _shell(home) as child:
        child.send("\x1b[A\r")
        child.expect("second state")
        child.expect("wirecopy>")
        _bye(child)


def test_a_person_may_be_wrong_and_goes_on(home: Path) -> None:
    """An error is a sentence; a query has lines; Ctrl-C drops one; `exit` leaves."""
    with _shell(home) as child:
        child.send("selec;\r")
        child.expect("syntax error")
        child.expect("wirecopy>")
        child.send("select 'dropped\x03")
        child.expect("wirecopy>")
        child.send("select\r")
        child.expect(r"\.\.\.>")
        child.send("6 * 7 as n;\r")
        child.expect("42")
        child.expect("wirecopy>")
        child.send("exit\r")
        child.expect(pexpect.EOF)
        child.wait()
        assert child.exitstatus == 0


def test_hostile_text_does_nothing_to_the_terminal(home: Path) -> None:
    """Escapes, NUL and changes of direction in an article arrive written out."""
    _publish(home, "\x1b]0;owned\x07\x00\u202eend=1")
    with _shell(home) as child:
        child.send("select headline from articles;\r")
        child.expect_exact("\\x1b]0;owned\\x07\\x00\\x202eend=1")
        child.expect("wirecopy>")
        _bye(child)


def test_a_folder_that_cannot_be_written_keeps_no_history(home: Path) -> None:
    """The shell works all the same; a link at the history's place is not followed."""
    (home / HISTORY).symlink_to(home / "elsewhere")
    with _shell(home) as child:
        child.send("select 6 * 7 as n;\r")
        child.expect("42")
        child.expect("wirecopy>")
        _bye(child)

    assert not (home / "elsewhere").exists()


def _completed(text: str, cursor: int | None = None) -> list[str]:
    from prompt_toolkit.completion import CompleteEvent  # noqa: PLC0415
    from prompt_toolkit.document import Document  # noqa: PLC0415

    place = Document(text, len(text) if cursor is None else cursor)
    return [found.text for found in Names(lambda: WORDS).get_completions(place, CompleteEvent())]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("sel", ["select"]),
        ("SEL", ["select"]),
        ("select * from ", ["articles", "mart.freshness"]),
        ("select * from mar", ["mart.freshness"]),
        ("select * from articles join mart.f", ["mart.freshness"]),
        ("select lo", ["lower"]),
        ("select * from articles as a where a.he", ["a.headline"]),
        ("select * from articles where articles.", ["articles.article_id", "articles.headline"]),
        ("select * from mart.freshness where freshness.m", ["freshness.median_s"]),
        ("select * from articles where he", ["headline"]),
        ("select nothing_like_this", []),
    ],
)
def test_what_a_word_may_become(text: str, expected: list[str]) -> None:
    """Tables where a table must stand, columns of the table that is named, else anything."""
    assert _completed(text) == expected


def test_columns_of_the_query_come_first() -> None:
    """A table named behind the cursor counts: people write `select` before `from`."""
    text = "select a from articles"

    assert _completed(text, len("select a"))[:2] == ["article_id", "articles"]
