"""All SQL is in files, one statement each, every file is used, and no SQL is anywhere else."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from warehouse import statements

_ROOT = Path(__file__).parents[2]
_SQL = _ROOT / "warehouse" / "sql"
_FILES = sorted(path.relative_to(_SQL).with_suffix("").as_posix() for path in _SQL.rglob("*.sql"))
_SCRIPTS = ("migrations/", "migrations_table", "views/")
"""What is applied as a script of many statements."""

_PARSER = duckdb.connect(":memory:")

_WORD = re.compile(
    r"\b(SELECT|FROM|WHERE|INSERT|INTO|DELETE|UPDATE|CREATE|TABLE|AND|OR|NOT|NULL|JOIN|GROUP|ORDER"
    r"|BY|AS|ON|IN|WITH|UNION|DISTINCT|HAVING|QUALIFY|CASE|WHEN|THEN|ELSE|END|COMMENT)\b"
)
_SQL_TEXT = re.compile(
    r"\s*(select\s|insert\s+(into|or)\s|delete\s+from\s|update\s+\w+(\.\w+)?\s+set\s"
    r"|(create|drop|alter)\s+(or\s+replace\s+)?(table|view|schema|temp|index|macro)\b"
    r"|with\s+\w+\s+as\s*(materialized\s*)?\(|from\s+\w+(\.\w+)?\s+(select|join|where)\s)",
    re.IGNORECASE,
)


def _strings(source: str) -> Iterator[str]:
    """Every string of a module that is not a docstring; of an f-string its first words."""
    tree = ast.parse(source)
    bare = {id(n.value) for n in ast.walk(tree) if isinstance(n, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in bare:
            yield node.value


def _holds_sql(source: str) -> bool:
    return any(_SQL_TEXT.match(text) for text in _strings(source))


def _code(name: str) -> str:
    """The text of a statement without comments and quoted strings."""
    text = re.sub(r"--[^\n]*", "", statements.statement(name))
    return re.sub(r"'(?:[^']|'')*'", "''", text)


@pytest.mark.parametrize("name", [n for n in _FILES if not n.startswith(_SCRIPTS)])
def test_a_file_holds_one_statement(name: str) -> None:
    """So that a statement has a name, and a parameter one place."""
    found = _PARSER.extract_statements(statements.statement(name))

    assert len(found) == 1


@pytest.mark.parametrize("name", [n for n in _FILES if n.startswith("views/")])
def test_a_view_is_one_statement_and_its_comments(name: str) -> None:
    """A view that is made again loses its comments, so they are made again with it."""
    found = _PARSER.extract_statements(statements.statement(name))

    first, *others = (each.query.strip() for each in found)
    assert first.startswith(f"create or replace view mart.{name.removeprefix('views/')} as\n")
    assert [each for each in others if not each.startswith("comment on ")] == []


@pytest.mark.parametrize("name", [n for n in _FILES if n.startswith("views/")])
def test_a_view_calls_no_if(name: str) -> None:
    """DuckDB 2.0 stores `if()` in a file as a function that 1.5 does not know; `case` it does."""
    assert re.findall(r"\bif\s*\(", _code(name)) == []


@pytest.mark.parametrize("name", _FILES)
def test_key_words_are_in_lower_case(name: str) -> None:
    """One style for all files."""
    assert _WORD.findall(_code(name)) == []


@pytest.mark.parametrize("name", _FILES)
def test_a_file_is_plain_text(name: str) -> None:
    """UTF-8, a line end at its end, no tabs, nothing behind a line's end."""
    text = (_SQL / f"{name}.sql").read_text(encoding="utf-8")

    assert text == "".join(f"{line.rstrip()}\n" for line in text.replace("\t", " ").splitlines())


def _literals() -> set[str]:
    """Every string, or constant part of one, in the code that may name a statement."""
    folders = ("flows", "warehouse")
    modules = (path for folder in folders for path in (_ROOT / folder).rglob("*.py"))
    return {text for path in modules for text in _strings(path.read_text())}


_LITERALS = _literals()

_NAMED_BY = {
    "migrations": {"migrations", "migrations/"},
    "views": {"views", "views/"},
    "checks": {"checks", "checks/"},
    "demo/queries": {"demo/queries", "demo/queries/"},
}
"""Folders that are read as a whole, and the strings that do it."""

_PREFIXES = {
    "load": "load/",
    "lookup": "lookup/",
    "load/delete": "load/delete/",
    "load/append": "load/append/",
}
"""Folders whose statements are named by their last part alone."""


def _is_used(name: str, literals: set[str]) -> bool:
    folder, _, last = name.rpartition("/")
    if folder in _NAMED_BY:
        return literals >= _NAMED_BY[folder]
    if name in literals:
        return True
    by_part = _PREFIXES.get(folder) in literals
    tables = {literal.rpartition(".")[2] for literal in literals}
    return by_part and (last in tables if folder == "load/append" else last in literals)


@pytest.mark.parametrize("name", _FILES)
def test_every_file_is_used(name: str) -> None:
    """A statement nobody runs is deleted."""
    assert _is_used(name, _LITERALS)


def test_a_file_nobody_names_is_seen() -> None:
    """The search above does not find everything."""
    assert not _is_used("lookup/never", _LITERALS)
    assert not _is_used("load/never", _LITERALS)
    assert not _is_used("load/append/never", _LITERALS)
    assert not _is_used("never", _LITERALS)
    assert not _is_used("checks/some", _LITERALS - {"checks/"})


@pytest.mark.parametrize("folder", ["flows", "transforms"])
def test_there_is_no_sql_outside_the_warehouse(folder: str) -> None:
    """What is asked of the tables stands where the tables are."""
    modules = sorted((_ROOT / folder).rglob("*.py"))

    assert [path.name for path in modules if _holds_sql(path.read_text())] == []
    assert modules


@pytest.mark.parametrize(
    "text",
    [
        "select 1",
        "SELECT\\n* from t",
        "insert into t values (1)",
        "delete from t",
        "update ops.t set i = 1",
        "create table t (i int)",
        "create or replace view v as",
        "with a as (select 1) from a",
        "\\n  from t where i = 1",
    ],
)
def test_sql_in_a_module_is_seen(text: str) -> None:
    """Plain or formatted, wherever in the module; a docstring may speak of SQL."""
    assert _holds_sql(f'def f(con):\n    return con.execute("{text}")')
    assert _holds_sql(f'def f(con, x):\n    return con.execute(f"{text} {{x}}")')
    assert not _holds_sql(f'def f():\n    """{text}"""')


@pytest.mark.parametrize(
    "text", ["Update wirecopy, or choose", "with a new file", "from the archive", "create it"]
)
def test_prose_is_no_sql(text: str) -> None:
    """Messages may begin with such words."""
    assert not _holds_sql(f"raise ValueError({text!r})")


def test_names_are_those_of_a_folder_and_not_of_its_folders() -> None:
    """Ascending, without suffix."""
    assert statements.names("demo/queries")[0] == "1_who_ran_the_same_text"
    assert "append" not in statements.names("load")
    assert list(statements.names("checks")) == sorted(statements.names("checks"))
    assert statements.names("no such folder") == ()


def test_a_checksum_is_of_the_text() -> None:
    """SHA-256, hexadecimal; another text has another one."""
    checksums = {
        statements.checksum(f"migrations/{name}") for name in statements.names("migrations")
    }

    assert len(checksums) == len(statements.names("migrations"))
    assert all(re.fullmatch("[0-9a-f]{64}", each) for each in checksums)
