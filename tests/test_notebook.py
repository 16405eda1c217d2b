"""docs/notebook.ipynb is a notebook, and its cells print what it shows.

    python tests/test_notebook.py

writes the outputs again. The cells run here without a kernel: what they print, and the value of a
last expression, are what a notebook would show (checked once with a real kernel).
"""

from __future__ import annotations

import ast
import contextlib
import io
import os
import sys
import tempfile
from pathlib import Path

import nbformat
import pytest

from flows.ingest import ingest
from flows.settings import load_settings

_ROOT = Path(__file__).parents[1]
_PAGE = _ROOT / "docs" / "notebook.ipynb"


def _run(source: str, names: dict[str, object]) -> tuple[str, str | None]:
    """What a cell prints, and the text of the value of its last line, if that has one."""
    tree = ast.parse(source)
    last = tree.body.pop() if isinstance(tree.body[-1], ast.Expr) else None
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(compile(tree, "cell", "exec"), names)  # noqa: S102 - the cells of our own page
        value = None
        if isinstance(last, ast.Expr):
            value = eval(compile(ast.Expression(last.value), "cell", "eval"), names)  # noqa: S307 - as above
    return printed.getvalue(), None if value is None else repr(value)


def _outputs(home: Path) -> list[list[nbformat.NotebookNode]]:
    """The outputs of every code cell, run in order on a data folder."""
    page = nbformat.read(_PAGE, as_version=4)
    names: dict[str, object] = {}
    found = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("WIRECOPY_HOME", str(home))
        for number, cell in enumerate((c for c in page.cells if c.cell_type == "code"), start=1):
            printed, value = _run(cell.source, names)
            outputs = []
            if printed:
                outputs.append(nbformat.v4.new_output("stream", name="stdout", text=printed))
            if value is not None:
                plain = {"text/plain": value}
                outputs.append(
                    nbformat.v4.new_output("execute_result", plain, execution_count=number)
                )
            found.append(outputs)
    return found


def _load(home: Path) -> None:
    ingest(load_settings(home), [_ROOT / "seeds" / "demo"])


def test_it_is_a_notebook_with_its_outputs() -> None:
    """Valid, in code and prose, with no path of the machine it was made on."""
    page = nbformat.read(_PAGE, as_version=4)
    nbformat.validate(page)

    assert [cell.cell_type for cell in page.cells].count("code") >= 6
    assert str(_ROOT) not in _PAGE.read_text(encoding="utf-8")
    assert os.environ.get("HOME", "/root") not in _PAGE.read_text(encoding="utf-8")


def test_cells_give_what_the_notebook_shows(tmp_path: Path) -> None:
    """Run in order on the demonstration articles."""
    _load(tmp_path)
    page = nbformat.read(_PAGE, as_version=4)
    shown = [cell.outputs for cell in page.cells if cell.cell_type == "code"]

    assert _outputs(tmp_path) == shown
    assert sum(map(len, shown)) >= 6


def main() -> None:
    """Run the cells on a fresh demonstration warehouse and write what they give."""
    page = nbformat.read(_PAGE, as_version=4)
    with tempfile.TemporaryDirectory() as folder:
        _load(Path(folder))
        outputs = _outputs(Path(folder))
    cells = [cell for cell in page.cells if cell.cell_type == "code"]
    for number, (cell, given) in enumerate(zip(cells, outputs, strict=True), start=1):
        cell.execution_count = number
        cell.outputs = given
    nbformat.write(page, _PAGE)


if __name__ == "__main__":
    sys.exit(main())
