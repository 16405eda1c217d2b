"""Queries as a person types them: several lines each, with history and completion."""

import os
from collections.abc import Iterator
from pathlib import Path

from prompt_toolkit import PromptSession
from prompt_toolkit.application.current import get_app
from prompt_toolkit.filters import Condition
from prompt_toolkit.history import FileHistory, History, InMemoryHistory
from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent
from prompt_toolkit.shortcuts import CompleteStyle

from flows.query.completion import Names
from warehouse.connection import reader
from warehouse.errors import WarehouseError
from warehouse.query import Words, words

HISTORY = ".sql_history"
_LEAVE = frozenset({"exit", "quit", ".exit", ".quit", "\\q"})


def typed(home: Path) -> Iterator[str]:
    """Queries until Ctrl-D or `exit`. Enter ends a query that ends with a semicolon."""
    session: PromptSession[str] = PromptSession(
        history=_history(home),
        completer=Names(lambda: _words(home)),
        complete_while_typing=False,
        complete_style=CompleteStyle.READLINE_LIKE,  # Tab acts at once, also on what is pasted
        multiline=True,
        key_bindings=_keys(),
        prompt_continuation="      ...> ",
    )
    while True:
        try:
            text = session.prompt("wirecopy> ")
        except EOFError:
            return
        except KeyboardInterrupt:  # Ctrl-C drops what was typed
            continue
        if _is_farewell(text):
            return
        if text.strip():
            yield text


def _is_farewell(text: str) -> bool:
    return text.strip().rstrip(";").lower() in _LEAVE


@Condition
def _is_complete() -> bool:
    text = get_app().current_buffer.text
    return not text.strip() or text.rstrip().endswith(";") or _is_farewell(text)


def _keys() -> KeyBindings:
    keys = KeyBindings()

    @keys.add("enter", filter=_is_complete)
    def _(event: KeyPressEvent) -> None:
        event.current_buffer.validate_and_handle()

    return keys


def _history(home: Path) -> History:
    """The queries of former shells, kept in the data folder where that can be written."""
    path = home / HISTORY
    try:
        os.close(os.open(path, os.O_CREAT | os.O_RDWR | os.O_NOFOLLOW, 0o600))
    except OSError:
        return InMemoryHistory()
    return FileHistory(path)


def _words(home: Path) -> Words:
    """The names of the copy published last; none where it cannot be read."""
    try:
        with reader(home) as con:
            return words(con)
    except WarehouseError:
        return Words({}, (), ())
