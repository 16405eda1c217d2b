"""The documentation is behind nothing: commands, tables and links are the real ones."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote

import pytest

from flows.cli import main_group
from warehouse.describe import schema_page
from warehouse.statements import names, statement

ROOT = Path(__file__).parents[1]
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("seeds/**/*.md")])
_BY_NAME = {path.relative_to(ROOT).as_posix(): path for path in PAGES}

_FENCE = re.compile(r"^(```+|~~~+).*?^\1\s*$", re.MULTILINE | re.DOTALL)
_SPAN = re.compile(r"`([^`\n]+)`")
_COMMAND = re.compile(r"(?:^|[\s$/(|;])wirecopy (?!-)([a-z][a-z-]*)")
_LINK = re.compile(r"(?<!!)\[[^\]]*\]\(([^()\s]+(?:\([^()]*\)[^()\s]*)?)\)")


def _code(text: str) -> Iterator[str]:
    """What stands in a page as code: fenced blocks, indented lines, spans."""
    for block in _FENCE.finditer(text):
        yield from (line.partition("#")[0] for line in block[0].splitlines())
    prose = _FENCE.sub("", text)
    for line in prose.splitlines():
        if line.startswith("    "):
            yield line.partition("#")[0]
    yield from _SPAN.findall(prose)


def _commands_in(text: str) -> set[str]:
    return {match[1] for code in _code(text) for match in _COMMAND.finditer(code)}


@pytest.mark.parametrize("command", sorted(main_group.commands))
def test_every_command_is_documented(command: str) -> None:
    """By name, on a page that is not about a decision of the past."""
    assert [
        name
        for name, path in _BY_NAME.items()
        if not name.startswith("docs/decisions/") and command in _commands_in(path.read_text())
    ]


@pytest.mark.parametrize("name", [n for n in _BY_NAME if not n.startswith("docs/decisions/")])
def test_no_command_is_documented_that_does_not_exist(name: str) -> None:
    """Whoever types what a page says gets what it says."""
    assert _commands_in(_BY_NAME[name].read_text()) - main_group.commands.keys() == set()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("run `wirecopy fly` now", {"fly"}),
        ("    .venv/bin/wirecopy fly x\n", {"fly"}),
        ("```sh\n$ wirecopy fly\nwirecopy swim\n```\n", {"fly", "swim"}),
        ("wirecopy does not fly, `make wirecopy`, `wirecopy --help`, `wirecopy`", set()),
        ("    make setup    # wirecopy and all\n", set()),
    ],
)
def test_commands_are_found_where_they_are_code(text: str, expected: set[str]) -> None:
    """Prose may go on after the name of the program."""
    assert _commands_in(text) == expected


def _messages() -> Iterator[tuple[str, str]]:
    for package in ("flows", "warehouse"):
        for path in sorted((ROOT / package).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text())):
                if isinstance(node, ast.Constant) and isinstance(node.value, str):
                    yield path.name, node.value


def test_messages_name_no_command_that_does_not_exist() -> None:
    """A message that sends someone to a command sends them to a real one."""
    named = {
        (name, command)
        for name, text in _messages()
        for span in _SPAN.findall(text)
        for command in _COMMAND.findall(span)
    }

    assert {pair for pair in named if pair[1] not in main_group.commands} == set()
    assert ("connection.py", "ingest") in named


def test_every_command_says_what_it_does() -> None:
    """In one sentence, shown by `wirecopy --help`."""
    helps = {name: (command.help or "") for name, command in main_group.commands.items()}

    assert [name for name, text in helps.items() if not text.strip().endswith(".")] == []


def test_the_schema_page_is_made_from_the_tables() -> None:
    """`python -m warehouse.describe > docs/schema.md` brings it up to date."""
    assert (ROOT / "docs" / "schema.md").read_text(encoding="utf-8") == schema_page()


def _tables() -> set[str]:
    """Every table and view that the statements leave behind."""
    texts = [statement("migrations_table")]
    texts += [
        statement(f"{folder}/{name}")
        for folder in ("migrations", "views")
        for name in names(folder)
    ]
    step = re.compile(
        r"^create (?:or replace )?(?:table|view) (?:if not exists )?(?P<made>[\w.]+)"
        r"|^drop (?:table|view) (?:if exists )?(?P<dropped>[\w.]+)"
        r"|^alter (?:table|view) (?P<former>[\w.]+) rename to (?P<renamed>\w+)",
        re.MULTILINE,
    )
    found: set[str] = set()
    for text in texts:
        for match in step.finditer(text):
            found -= {match["dropped"], match["former"]}
            if match["former"]:
                schema, dot, _ = match["former"].rpartition(".")
                found.add(f"{schema}{dot}{match['renamed']}")
            elif match["made"]:
                found.add(match["made"])
    return found


def test_every_table_is_on_the_schema_page() -> None:
    """With all its columns and what they mean."""
    page = schema_page()
    headings = set(re.findall(r"^### (\S+)$", page, re.MULTILINE))

    assert headings == _tables()
    assert len(headings) > 20
    cells = [line.split("|") for line in page.splitlines() if line.startswith("| `")]
    assert [cell for cell in cells if len(cell) < 5 or not cell[3].strip()] == []
    assert "None" not in page


def test_every_check_is_listed() -> None:
    """With what it promises, and no check that does not exist."""
    page = (ROOT / "docs" / "checks.md").read_text(encoding="utf-8")
    rows = [line for line in page.splitlines() if line.startswith("| ") and "`" in line]
    listed = {name for row in rows for name in _SPAN.findall(row.split("|")[2])}

    assert listed - {"not null"} == set(names("checks"))


def _anchors(path: Path) -> set[str]:
    """The anchors that a heading gets where pages like these are shown."""
    headings = re.findall(r"^#+ +(.+)$", _FENCE.sub("", path.read_text()), re.MULTILINE)
    plain = (re.sub(r"[^\w\- ]", "", heading.lower()).strip() for heading in headings)
    return {heading.replace(" ", "-") for heading in plain}


def _broken_links(path: Path, text: str) -> list[str]:
    broken = []
    for link in _LINK.findall(_FENCE.sub("", text)):
        if re.match(r"[a-z]+:", link):
            continue
        place, _, anchor = link.partition("#")
        target = (path.parent / unquote(place)).resolve() if place else path
        is_there = target.is_relative_to(ROOT) and target.exists()
        if is_there and anchor and target.suffix == ".md":
            is_there = anchor in _anchors(target)
        if not is_there:
            broken.append(link)
    return broken


@pytest.mark.parametrize("name", _BY_NAME)
def test_links_between_pages_lead_somewhere(name: str) -> None:
    """To a file of the repository, and to a heading that is there."""
    path = _BY_NAME[name]

    assert _broken_links(path, path.read_text()) == []


def test_a_broken_link_is_seen() -> None:
    """To a missing page, a missing heading, a place outside."""
    text = (
        "[a](docs/naming.md) [b](docs/nowhere.md) [c](docs/naming.md#words-we-do-without) "
        "[d](docs/naming.md#no-such) [e](../outside.md) [f](https://news.example/x.md)"
    )

    assert _broken_links(ROOT / "README.md", text) == [
        "docs/nowhere.md",
        "docs/naming.md#no-such",
        "../outside.md",
    ]


@pytest.mark.parametrize("name", sorted(path.name for path in (ROOT / "docs").glob("*.md")))
def test_every_page_can_be_found(name: str) -> None:
    """Some other page links to it."""
    others = [path for path in PAGES if path != ROOT / "docs" / name]

    assert any(re.search(rf"\]\([^)]*\b{re.escape(name)}", path.read_text()) for path in others)
