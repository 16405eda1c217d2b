"""XML read as a stream of events, within bounds: the one way XML of unknown origin is read here.

expat, without a tree: nothing is loaded from outside, whatever the prolog declares, and a document
that grows, nests or multiplies beyond what feeds and sitemaps do is refused at that point. expat
2.4 and later limit the expansion of entities themselves; the bounds here do not lean on it.
"""

from __future__ import annotations

import html.entities
import re
from collections.abc import Callable
from dataclasses import dataclass
from xml.parsers import expat

from transforms.records import Reason

MAX_DEPTH = 500
"""Elements in one another; XHTML in real Atom feeds stays under a hundred."""

MAX_ATTRIBUTES = 500
"""Of one element; feedparser needs time quadratic in their number."""

MAX_NAMESPACES = 20_000
"""Declared in all; some feeds declare theirs anew in every entry."""

_MAX_ENTITY = 10_000
_REFERENCE = re.compile(r"[&%]\w")
_SPARE_TEXT = 1_000_000
"""Text a document may hold beyond four times its own size, characters: room for short entities."""


class XmlRefused(Exception):
    """The XML is built to do harm, or beyond the bounds; `reason` is for the ledger."""

    def __init__(self, detail: str) -> None:
        super().__init__(detail)
        self.reason = Reason.TOO_LARGE
        self.detail = detail


class XmlBroken(Exception):
    """The XML is not well-formed; what was reported before stands."""


@dataclass(frozen=True, slots=True)
class XmlEvents:
    """What is called as the parser goes through a document.

    `start` gets the element's name and its attributes as name and value in turn, in their order;
    names are "uri local prefix", as far as they have them, or as written where namespaces are not
    wanted. `text` may be called several times for one text.
    """

    start: Callable[[str, list[str]], None]
    end: Callable[[str], None]
    text: Callable[[str], None]
    namespace: Callable[[str | None, str], None] | None = None


def read_xml(
    payload: bytes, events: XmlEvents, *, encoding: str | None = None, namespaces: bool = True
) -> None:
    """Go through a document.

    A reference to an entity that is not declared, such as `&nbsp;`, is read as HTML's.

    Args:
        payload: the document.
        events: what to call.
        encoding: of the payload, whatever the document says; None leaves it to the document.
        namespaces: whether prefixes are looked up.

    Raises:
        XmlRefused: It goes beyond the bounds.
        XmlBroken: It is not well-formed.
    """
    parser = expat.ParserCreate(encoding, " " if namespaces else None)
    if namespaces:
        parser.namespace_prefixes = True
    parser.ordered_attributes = True
    parser.buffer_text = True
    parser.buffer_size = 1 << 16
    # As if there were a DTD elsewhere: references to unknown entities are then reported, not errors.
    parser.UseForeignDTD(True)  # noqa: FBT003 - expat's signature, as below
    guard = _Guard(events, 4 * len(payload) + _SPARE_TEXT)
    parser.StartElementHandler = guard.start
    parser.EndElementHandler = guard.end
    parser.CharacterDataHandler = guard.text
    parser.EntityDeclHandler = _refuse_bombs
    parser.SkippedEntityHandler = guard.skipped
    parser.StartNamespaceDeclHandler = guard.namespace
    try:
        parser.Parse(payload, True)  # noqa: FBT003
    except expat.ExpatError as error:
        if error.code == _AMPLIFIED:
            raise XmlRefused("expands to many times its size") from error
        where = f"line {error.lineno}, column {error.offset}"
        raise XmlBroken(f"{expat.ErrorString(error.code)} ({where})") from error
    except (
        LookupError,
        ValueError,
    ) as error:  # an encoding that Python does not know, or cannot use
        raise XmlBroken(f"{error}") from error


@dataclass(slots=True)
class _Guard:
    """Passes events on as long as they stay within the bounds."""

    events: XmlEvents
    text_left: int
    depth: int = 0
    namespaces_left: int = MAX_NAMESPACES

    def start(self, name: str, attributes: list[str]) -> None:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise XmlRefused(f"is nested deeper than {MAX_DEPTH} elements")
        if len(attributes) > 2 * MAX_ATTRIBUTES:
            raise XmlRefused(f"has an element with more than {MAX_ATTRIBUTES} attributes")
        self.events.start(name, attributes)

    def end(self, name: str) -> None:
        self.depth -= 1
        self.events.end(name)

    def text(self, part: str) -> None:
        self.text_left -= len(part)
        if self.text_left < 0:
            raise XmlRefused("expands to many times its size")
        self.events.text(part)

    def namespace(self, prefix: str | None, uri: str) -> None:
        self.namespaces_left -= 1
        if self.namespaces_left < 0:
            raise XmlRefused(f"declares more than {MAX_NAMESPACES} name spaces")
        if self.events.namespace is not None:
            self.events.namespace(prefix, uri)

    def skipped(self, name: str, is_parameter: int) -> None:
        if not is_parameter:
            self.text(html.entities.html5.get(f"{name};", f"&{name};"))


_AMPLIFIED = 43
"""XML_ERROR_AMPLIFICATION_LIMIT_BREACH; pyexpat has no name for it."""


def _refuse_bombs(
    name: str,
    is_parameter: int,  # noqa: ARG001 - expat's signature, as those below
    value: str | None,
    base: str | None,  # noqa: ARG001
    system_id: str | None,  # noqa: ARG001
    public_id: str | None,  # noqa: ARG001
    notation: str | None,  # noqa: ARG001
) -> None:
    """Entities made of entities, and long ones, are what bombs are made of."""
    if value is None:
        return
    if len(value) > _MAX_ENTITY or _REFERENCE.search(value):
        raise XmlRefused(f"declares an entity, {name[:40]!r}, that expands to other entities")
