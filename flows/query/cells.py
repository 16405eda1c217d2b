"""A value of an answer as a cell: for the eye, for a spreadsheet, for a program.

A headline may hold an escape sequence, a NUL, a change of the direction of writing, or a formula.
"""

import json
import math
import re
from collections.abc import Sequence
from decimal import Decimal

SHOWN = 80
"""Characters of a cell shown in a table; the other formats give all of them."""

# What a spreadsheet takes for a formula, by the cell's first character: the list of OWASP's page
# "CSV Injection", with the full-width forms. What is invisible before it does not count.
_FORMULA = re.compile(
    r"[\s\x00-\x1f\u200b-\u200f\u2060\ufeff]*[=+\-@\uff1d\uff0b\uff0d\uff20]|[\t\r\n]"
)
# Control characters but tab and line feed, and what changes the direction of the text around it.
# What writers of Arabic, Persian or Hindi need (joiners, marks) stays.
_UNSAFE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")


def distinct(names: Sequence[str]) -> list[str]:
    """Names for the keys of an object: equal ones are numbered from the second on."""
    found: dict[str, None] = {}
    for name in names:
        number = 1
        while (f"{name}_{number}" if number > 1 else name) in found:
            number += 1
        found[f"{name}_{number}" if number > 1 else name] = None
    return list(found)


def json_value(value: object) -> object:
    """A value of DuckDB as JSON has it; what JSON has no form for is text."""
    if isinstance(value, dict):
        return {str(key): json_value(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [json_value(each) for each in value]
    if value is None or isinstance(value, str | bool | int):
        return value
    if isinstance(value, float) and math.isfinite(value):
        return value
    return value.hex() if isinstance(value, bytes) else str(value)


def csv_cell(value: object) -> str:
    r"""A value as a spreadsheet may have it: numbers as they are, text that is no formula.

    Text a spreadsheet would take for a formula begins with an apostrophe; control characters and
    changes of direction are written out (`\x1b`). Null is empty; a list is JSON.
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int | float | Decimal):
        return str(value)
    if isinstance(value, list | tuple | dict):
        text = json.dumps(json_value(value), ensure_ascii=False)
    else:
        text = value.hex() if isinstance(value, bytes) else str(value)
    guarded = f"'{text}" if _FORMULA.match(text) else text
    return _UNSAFE.sub(lambda found: _escaped(found[0]), guarded)


def table_cell(value: object) -> str:
    """A value for the eye: on one line, shortened, nothing in it that a terminal obeys."""
    if value is None:
        return ""
    text = printable(one_line(str(value)[: SHOWN + 1]))
    return text if len(text) <= SHOWN else text[: SHOWN - 1] + "…"


def one_line(text: str) -> str:
    """The text with spaces for line ends and tabs."""
    return text.replace("\n", " ").replace("\t", " ")


def printable(text: str) -> str:
    """The text with everything written out that is not printed as itself."""
    return "".join(c if c.isprintable() else _escaped(c) for c in text)


def _escaped(character: str) -> str:
    return f"\\x{ord(character):02x}"
