"""A page cut down to its paragraphs, for pages that overwhelm the parser.

Parsers are quadratic in attributes, deep in recursion, or need many times a page's size in memory.
This reads a page once from its start to its end, builds no tree, and keeps what an article cannot do
without: the marks of its head, the first heading and the paragraphs. Cruder than the usual way, and
linear in the length of the page whatever is in it.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass, field

from transforms.page.body import body_lines

_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]{0,15})(?=[\s/>])")
_MARKS = frozenset({"meta", "link", "base"})
_PARAGRAPHS = frozenset({"p", "h2", "h3", "h4", "li", "blockquote"})
_BREAKS = frozenset(
    """
    address article body br div dl dt dd figcaption figure h1 h5 h6 hr main ol pre section table td
    th tr ul
    """.split()  # noqa: SIM905 - names read better as words than as quoted strings
)
_SKIPPED = frozenset(
    """
    aside audio button canvas footer iframe math menu nav noscript object script select style svg
    template textarea video
    """.split()  # noqa: SIM905 - names read better as words than as quoted strings
)
_MAX_MARK = 2_000
_MAX_MARKS = 500
_MAX_BLOCK = 200_000
_MAX_BLOCKS = 20
_MAX_LINES = 5_000
_MAX_CHARS = 1_000_000
_MIN_PARAGRAPH = 40
_MAX_LINK_SHARE = 0.5
_MAX_HEADING = 300
_ENOUGH_PARAGRAPHS = 2


@dataclass(frozen=True, slots=True)
class ReducedPage:
    """The head of a page with its first heading as small HTML, and its paragraphs."""

    head: str
    lines: list[str]


@dataclass(slots=True)
class _Block:
    """The text between two breaks: its pieces, how much of it is linked, whether a `<p>` opened it."""

    pieces: list[str] = field(default_factory=list)
    linked: int = 0
    is_paragraph: bool = False


@dataclass(slots=True)
class _Reader:
    """Where the reading stands. `unclosed` are names of elements that have no end further on;
    before the place `endless` no declaration ends.
    """

    marks: list[str] = field(default_factory=list)
    blocks: list[_Block] = field(default_factory=list)
    block: _Block = field(default_factory=_Block)
    unclosed: set[str] = field(default_factory=set)
    structured_count: int = 0
    endless: int = 0
    link_depth: int = 0
    chars: int = 0


def reduce_html(text: str) -> ReducedPage:
    """Read a decoded page; never raises, in time and memory linear in its length."""
    reader = _Reader()
    place = 0
    while place < len(text) and reader.chars < _MAX_CHARS and len(reader.blocks) < _MAX_LINES:
        start = text.find("<", place)
        if start < 0:
            _add(reader, text[place:])
            break
        _add(reader, text[place:start])
        tag = _TAG.match(text, start)
        if tag is None:
            place = _after_other(reader, text, start)
            continue
        end = text.find(">", tag.end())
        if end < 0:
            break
        place = _read_tag(reader, text, tag, end)
    _break(reader, is_paragraph=False)
    kept = _paragraphs(reader.blocks)
    return ReducedPage("".join(reader.marks), body_lines("\n".join(kept)))


def _read_tag(reader: _Reader, text: str, tag: re.Match[str], end: int) -> int:
    """Take a tag in; the place to go on from."""
    is_end, name = bool(tag[1]), tag[2].lower()
    raw = text[tag.start() : min(end + 1, tag.start() + _MAX_MARK)]
    if name in _MARKS or name == "html":
        if len(raw) < _MAX_MARK and len(reader.marks) < _MAX_MARKS and not is_end:
            reader.marks.append(raw)
    elif name == "a":
        reader.link_depth = 0 if is_end else 1
    elif name in {"title", "h1"} and not is_end:
        _keep_element(reader, text, name, end)
        _break(reader, is_paragraph=False)
    elif name in _SKIPPED and not is_end:
        return _skip(reader, text, name, raw, end + 1)
    elif name in _PARAGRAPHS:
        _break(reader, is_paragraph=not is_end)
    elif name in _BREAKS:
        _break(reader, is_paragraph=False)
    return end + 1


def _keep_element(reader: _Reader, text: str, name: str, end: int) -> None:
    close = text.find("<", end + 1, end + _MAX_HEADING)
    if close > 0 and len(reader.marks) < _MAX_MARKS:
        reader.marks.append(f"<{name}>{text[end + 1 : close]}</{name}>")


def _skip(reader: _Reader, text: str, name: str, raw: str, place: int) -> int:
    """Pass over an element that holds no article text, but for JSON-LD, which is kept."""
    if name in reader.unclosed:
        return place
    close = _find_end(text, name, place)
    if close is None:
        reader.unclosed.add(name)
        return place
    is_structured = name == "script" and "ld+json" in raw.lower()
    small = close.start() - place <= _MAX_BLOCK
    if is_structured and small and reader.structured_count < _MAX_BLOCKS:
        reader.structured_count += 1
        block = text[place : close.start()]
        reader.marks.append(f'<script type="application/ld+json">{block}</script>')
    return close.end()


def _find_end(text: str, name: str, place: int) -> re.Match[str] | None:
    """The next end tag of this name."""
    return re.compile(rf"</{name}(?=[\s>])", re.IGNORECASE).search(text, place)


def _after_other(reader: _Reader, text: str, start: int) -> int:
    """Past a comment, a declaration, or a "<" that is text."""
    if not text.startswith("<!--", start):
        if not text.startswith(("<!", "<?"), start) or start < reader.endless:
            return start + 1
        end = text.find(">", start, start + _MAX_MARK)
        if end < 0:
            reader.endless = start + _MAX_MARK - 1
        return max(start, end) + 1
    if "comment" in reader.unclosed:
        return start + 4
    end = text.find("-->", start + 4)
    if end < 0:
        reader.unclosed.add("comment")
        return start + 4
    return end + 3


def _add(reader: _Reader, text: str) -> None:
    if text and not text.isspace():
        reader.block.pieces.append(text)
        reader.block.linked += len(text) * reader.link_depth
        reader.chars += len(text)


def _break(reader: _Reader, *, is_paragraph: bool) -> None:
    if reader.block.pieces:
        reader.blocks.append(reader.block)
    reader.block = _Block(is_paragraph=is_paragraph)


def _paragraphs(blocks: list[_Block]) -> list[str]:
    """Blocks that are running text: those of paragraphs, or where a page has none, all."""
    texts = [
        (block.is_paragraph, " ".join(html.unescape("".join(block.pieces)).split()))
        for block in blocks
        if block.linked <= _MAX_LINK_SHARE * sum(map(len, block.pieces))
    ]
    long = [(marked, text) for marked, text in texts if len(text) >= _MIN_PARAGRAPH]
    marked = [text for is_marked, text in long if is_marked]
    return marked if len(marked) >= _ENOUGH_PARAGRAPHS else [text for _, text in long]
