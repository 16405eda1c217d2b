"""Keeping the stored counts of wire copy right (docs/decisions/0008-views.md).

`mart.article_wire` counts what is not stored, so forgetting is what matters: call it, in the same
transaction, for every article whose text, passages, cluster, date or agency role changes.
"""

from collections.abc import Iterable

from warehouse import load
from warehouse.connection import Connection
from warehouse.statements import statement


def forget_wire_words(con: Connection, article_ids: Iterable[str]) -> None:
    """Forget the counts of these articles and of all they share a passage with.

    Call it before passages are deleted and after passages are added: it follows those that stand.
    """
    load.delete(con, "wire_words", article_ids)


def count_wire_words(con: Connection) -> None:
    """Count every article that has no count stored: after a batch its own, and those forgotten."""
    con.execute(statement("load/wire_words"))
