"""The figures that views show and do not compute: all of them are stored before a publish.

Counting wire copy is a statement; comparing texts word by word is `transforms.edits`, a few thousand
pairs at a time. Both look only at what is not stored yet (docs/decisions/0008-views.md).
"""

from __future__ import annotations

from transforms.edits import changed_words, cut, word_count
from warehouse import load, lookup
from warehouse.connection import Connection

_PAIRS = 5000
"""Pairs whose texts are read in one go; DuckDB holds half of these texts in its buffers."""


def store_figures(con: Connection) -> None:
    """Count the wire copy and find the changed words of all texts that have none stored yet."""
    load.count_wire_words(con)
    load.forget_changed_words(con)
    while found := {texts[:2]: _compared(*texts) for texts in lookup.uncompared_texts(con, _PAIRS)}:
        load.append(con, "mart.changed_words", list(found.values()))


def _compared(
    base_body_sha256: str, body_sha256: str, base_body: str, body: str
) -> dict[str, object]:
    removed, added = changed_words(base_body, body)
    return {
        "base_body_sha256": base_body_sha256,
        "body_sha256": body_sha256,
        "removed": cut(base_body, removed),
        "added": cut(body, added),
        "removed_word_count": word_count(base_body, removed),
        "added_word_count": word_count(body, added),
    }
