"""What a word of a query may become: names of the copy's tables and columns, key words, functions."""

import re
from collections.abc import Callable, Iterable, Iterator
from itertools import chain

from prompt_toolkit.completion import CompleteEvent, Completer, Completion
from prompt_toolkit.document import Document

from warehouse.query import Words

_WORD = re.compile(r"[\w.]*$")
_TABLE_EXPECTED = re.compile(
    r"\b(?:from|join|into|table|describe|summarize)\s+[\w.]*$", re.IGNORECASE
)
_NAMED = re.compile(r"\b(?:from|join)\s+([\w.]+)(?:\s+(?:as\s+)?(\w+))?", re.IGNORECASE)


class Names(Completer):
    """Completes the word before the cursor from the names of the copy published last.

    After `from` or `join` come tables; after `name.` the columns of the table of that name or alias,
    or the tables of that schema; elsewhere the columns of the tables the query names, before others.
    """

    def __init__(self, words: Callable[[], Words]) -> None:
        self._words = words

    def get_completions(
        self, document: Document, complete_event: CompleteEvent
    ) -> Iterator[Completion]:
        """What may stand in place of the word before the cursor, the likeliest first."""
        del complete_event
        before = document.text_before_cursor
        found = _WORD.search(before)
        word = found[0] if found else ""
        candidates = self._candidates(document.text, before, word)
        folded = word.lower()
        matching = (each for each in candidates if each.lower().startswith(folded))
        for name in dict.fromkeys(matching):
            yield Completion(name, start_position=-len(word))

    def _candidates(self, text: str, before: str, word: str) -> Iterable[str]:
        words = self._words()
        tables = list(words.columns)
        if _TABLE_EXPECTED.search(before):
            return tables
        named = list(_named(text, words))
        qualifier, dot, _ = word.rpartition(".")
        if dot:
            columns = (
                f"{qualifier}.{column}"
                for alias, table in named
                if alias == qualifier.lower()
                for column in words.columns[table]
            )
            return chain(columns, tables)
        near = (column for _, table in named for column in words.columns[table])
        aliases = (alias for alias, _ in named)
        far = chain.from_iterable(words.columns.values())
        return chain(near, aliases, words.keywords, tables, far, words.functions)


def _named(text: str, words: Words) -> Iterator[tuple[str, str]]:
    """Tables the query names, each with the names it goes by there."""
    tables = {name.lower(): name for name in words.columns}
    for table, alias in _NAMED.findall(text):
        name = tables.get(table.lower())
        if name is not None:
            yield name.rpartition(".")[2].lower(), name
            yield table.lower(), name
            if alias and alias.lower() not in words.keywords:
                yield alias.lower(), name
