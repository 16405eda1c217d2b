"""OPML (opml.org, 1.0 to 2.0): subscription lists of feed readers, read and written without loss.

An outline keeps all of its attributes in their order, known or not, and its place among the others;
reading what was written gives the same again. Comments and the space between tags are not kept.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.sax.saxutils import escape

from transforms.decode import binary_kind, decode_text, storable
from transforms.records import Reason, Rejection
from transforms.xml_events import XmlBroken, XmlEvents, XmlRefused, read_xml

MAX_OPML_BYTES = 20_000_000

_UNPRINTABLE = dict.fromkeys([*range(9), 11, 12, *range(14, 32), 0xFFFE, 0xFFFF])
_IN_ATTRIBUTE = {'"': "&quot;", "\n": "&#10;", "\t": "&#9;", "\r": "&#13;"}

Attributes = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Outline:
    """A line of a list: a feed, or a category with lines of its own."""

    attributes: Attributes = ()
    children: tuple[Outline, ...] = ()

    def get(self, name: str) -> str:
        """An attribute, whatever the case of its name; "" where there is none."""
        wanted = name.lower()
        return next((value for key, value in self.attributes if key.lower() == wanted), "")


@dataclass(frozen=True, slots=True)
class HeadLine:
    """An element of the head: `title`, `dateCreated`, `ownerName`, ..."""

    name: str
    text: str
    attributes: Attributes = ()


@dataclass(frozen=True, slots=True)
class Opml:
    """A whole list: the attributes of its root (version, name spaces), its head, its outlines."""

    attributes: Attributes = (("version", "2.0"),)
    head: tuple[HeadLine, ...] = ()
    outlines: tuple[Outline, ...] = ()


@dataclass(frozen=True, slots=True)
class Subscription:
    """A feed of a list: its outline, and the names of the categories it stands in, outermost first."""

    outline: Outline
    categories: tuple[str, ...] = ()

    @property
    def url(self) -> str:
        """The address of the feed."""
        return self.outline.get("xmlUrl").strip()

    @property
    def name(self) -> str:
        """What the list calls it."""
        return " ".join((self.outline.get("title") or self.outline.get("text")).split())


def read_opml(
    payload: bytes, *, name: str = "the file", content_type: str = ""
) -> Opml | Rejection:
    """Read a list.

    Args:
        payload: the bytes of the file.
        name: what to call it in a rejection: its path or address.
        content_type: the header as sent, where there was one; its charset counts.

    Returns:
        The list, or why there is none: `EMPTY`, `BINARY`, `TOO_LARGE`, `UNREADABLE` where it is not
        well-formed, `UNSUPPORTED_TYPE` where it is no OPML.
    """
    if not payload.strip():
        return Rejection(name, Reason.EMPTY, "holds nothing")
    if len(payload) > MAX_OPML_BYTES:
        return Rejection(name, Reason.TOO_LARGE, f"is larger than {MAX_OPML_BYTES // 10**6} MB")
    kind = binary_kind(payload)
    if kind is not None:
        return Rejection(name, Reason.BINARY, f"is {kind} and no OPML")
    text = decode_text(payload, content_type).lstrip("\ufeff \t\r\n")
    reading = _Reading()
    events = XmlEvents(reading.start, reading.end, reading.text)
    try:
        read_xml(text.encode("utf-8"), events, encoding="utf-8", namespaces=False)
    except XmlRefused as refused:
        return Rejection(name, refused.reason, refused.detail)
    except XmlBroken as broken:
        return Rejection(name, Reason.UNREADABLE, f"is not well-formed: {storable(str(broken))}")
    if reading.root != "opml":
        root = storable(reading.root or "")[:40]
        return Rejection(name, Reason.UNSUPPORTED_TYPE, f"is no OPML: its root is <{root}>")
    return Opml(reading.attributes, tuple(reading.head), reading.finished[0])


def write_opml(opml: Opml) -> bytes:
    """The list as a file, UTF-8, indented. Characters that XML forbids are left out."""
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', f"<opml{_attributes(opml.attributes)}>"]
    lines.append("  <head>")
    lines += [
        f"    <{line.name}{_attributes(line.attributes)}>{_text(line.text)}</{line.name}>"
        for line in opml.head
    ]
    lines += ["  </head>", "  <body>"]
    for outline in opml.outlines:
        lines += _outline_lines(outline, "    ")
    lines += ["  </body>", "</opml>", ""]
    return "\n".join(lines).encode("utf-8")


def subscriptions(opml: Opml) -> tuple[Subscription, ...]:
    """The feeds of a list in their order: every outline with an `xmlUrl`, however deep it stands."""
    return tuple(line for line in all_lines(opml) if line.url)


def all_lines(opml: Opml) -> Iterator[Subscription]:
    """Every outline of a list, categories too, in the order of the file."""
    return _walk(opml.outlines, ())


def _walk(outlines: tuple[Outline, ...], categories: tuple[str, ...]) -> Iterator[Subscription]:
    for outline in outlines:
        yield Subscription(outline, categories)
        label = " ".join((outline.get("text") or outline.get("title")).split())
        yield from _walk(outline.children, (*categories, label))


def _outline_lines(outline: Outline, indent: str) -> Iterator[str]:
    start = f"{indent}<outline{_attributes(outline.attributes)}"
    if not outline.children:
        yield f"{start}/>"
        return
    yield f"{start}>"
    for child in outline.children:
        yield from _outline_lines(child, indent + "  ")
    yield f"{indent}</outline>"


def _attributes(attributes: Attributes) -> str:
    return "".join(
        f' {name}="{escape(value.translate(_UNPRINTABLE), _IN_ATTRIBUTE)}"'
        for name, value in attributes
    )


def _text(text: str) -> str:
    return escape(text.translate(_UNPRINTABLE), {"\r": "&#13;"})


@dataclass(slots=True)
class _Reading:
    """What has been read so far; `finished` holds the children of each open outline."""

    root: str | None = None
    attributes: Attributes = ()
    head: list[HeadLine] = field(default_factory=list)
    path: list[str] = field(default_factory=list)
    pending: list[Attributes] = field(default_factory=list)
    open_children: list[list[Outline]] = field(default_factory=lambda: [[]])
    texts: list[str] = field(default_factory=list)

    @property
    def finished(self) -> list[tuple[Outline, ...]]:
        return [tuple(children) for children in self.open_children]

    def start(self, name: str, attributes: list[str]) -> None:
        pairs = tuple(zip(attributes[::2], attributes[1::2], strict=True))
        self.texts.clear()
        if not self.path:
            self.root, self.attributes = name.lower(), pairs
        self.path.append(name)
        self.pending.append(pairs)
        if name.lower() == "outline":
            self.open_children.append([])

    def text(self, part: str) -> None:
        if len(self.path) == 3:
            self.texts.append(part)

    def end(self, name: str) -> None:
        pairs = self.pending.pop()
        if name.lower() == "outline":
            children = tuple(self.open_children.pop())
            self.open_children[-1].append(Outline(pairs, children))
        elif len(self.path) == 3 and self.path[1].lower() == "head":
            self.head.append(HeadLine(name, "".join(self.texts).strip(), pairs))
        self.texts.clear()
        self.path.pop()
