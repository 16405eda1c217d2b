"""The questions of docs/questions.md give the answers it prints.

    python tests/test_questions.py

writes the answers again, after a change of the demonstration articles or of what is found in them.
"""

from __future__ import annotations

import re
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from flows.ingest import ingest
from flows.query import ask
from flows.settings import load_settings
from warehouse.connection import Connection, reader

_ROOT = Path(__file__).parents[1]
_PAGE = _ROOT / "docs" / "questions.md"
_QUESTION = re.compile(r"```sql\n(?P<query>.+?)```\n\n```text\n(?P<answer>.*?)```", re.DOTALL)


def _questions() -> list[tuple[str, str]]:
    found = _QUESTION.finditer(_PAGE.read_text(encoding="utf-8"))
    return [(match["query"], match["answer"]) for match in found]


def _answer(con: Connection, query: str) -> str:
    return ask(con, query).as_table() + "\n"


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Connection]:
    """The published copy of the demonstration articles."""
    settings = load_settings(tmp_path_factory.mktemp("questions"))
    ingest(settings, [_ROOT / "seeds" / "demo"])
    with reader(settings.home) as con:
        yield con


def test_there_are_ten_questions():
    """The page has ten questions, each with its query and its answer."""
    page = _PAGE.read_text(encoding="utf-8")

    assert (len(_questions()), page.count("\n## "), page.count("```sql")) == (10, 10, 10)


@pytest.mark.parametrize("number", range(1, 11))
def test_an_answer_is_as_printed(demo: Connection, number: int):
    """A query of the page prints what stands below it."""
    query, printed = _questions()[number - 1]

    assert _answer(demo, query) == printed


def _write(answer: Callable[[str], str]) -> None:
    page = _PAGE.read_text(encoding="utf-8")
    fenced = "```sql\n{query}```\n\n```text\n{answer}```"
    _PAGE.write_text(
        _QUESTION.sub(
            lambda match: fenced.format(query=match["query"], answer=answer(match["query"])), page
        ),
        encoding="utf-8",
    )


def main() -> None:
    """Ask every question of a fresh demonstration warehouse and write the answers."""
    with tempfile.TemporaryDirectory() as folder:
        settings = load_settings(Path(folder))
        ingest(settings, [_ROOT / "seeds" / "demo"])
        with reader(settings.home) as con:
            _write(lambda query: _answer(con, query))


if __name__ == "__main__":
    sys.exit(main())
