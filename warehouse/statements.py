"""SQL texts by name: `statement("load/articles")` is the text of `sql/load/articles.sql`."""

import hashlib
from functools import cache
from importlib.resources import files

_ROOT = files("warehouse") / "sql"


@cache
def statement(name: str) -> str:
    """The text of one statement; its name is its path under `sql/`, without the suffix."""
    return (_ROOT / f"{name}.sql").read_text(encoding="utf-8")


@cache
def names(folder: str) -> tuple[str, ...]:
    """The names of all statements in a folder of `sql/`, ascending; none where there is no folder."""
    place = _ROOT / folder
    if not place.is_dir():
        return ()
    found = (entry.name for entry in place.iterdir())
    return tuple(sorted(name.removesuffix(".sql") for name in found if name.endswith(".sql")))


def checksum(name: str) -> str:
    """SHA-256 of a statement's text, hexadecimal."""
    return hashlib.sha256(statement(name).encode()).hexdigest()
