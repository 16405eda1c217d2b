"""Hard-wrapped text: the paragraphs behind lines broken at a fixed width.

A text was wrapped by filling lines: a break stands where the next word would not have fitted. That
is tested pair by pair, so headings, lists and signatures inside a wrapped text keep their lines.
"""

from __future__ import annotations

import re

from transforms.lines.shapes import ends_like_a_sentence

_WIDEST = 120  # columns; wider lines are paragraphs
_NARROWEST = 30
_SLACK = 4  # columns a wrapper may leave free although the next word would have fitted
_MIN_BREAKS = 3
_FULL = 0.7  # share of breaks that a filled line explains
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_WIDE = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3\uf900-\ufaff\uff01-\uff60]")


def unwrap(raw: list[str]) -> list[str]:
    """Paragraphs, one an entry, white space collapsed, from lines with blank lines and indents."""
    width = _wrap_width(raw)
    words: set[str] | None = None
    paragraphs: list[list[str]] = []
    previous = ""
    indent = 0
    for line in raw:
        text = " ".join(line.split())
        if not text:
            previous = ""
            continue
        deeper = len(line) - len(line.lstrip()) > indent + 1  # the first line of a paragraph
        indent = len(line) - len(line.lstrip())
        if width and previous and not deeper and _continues(previous, text, width - indent):
            last = paragraphs[-1]
            if previous[-1] == "-" and previous[-2:-1].isalpha() and text[0].islower():
                words = _vocabulary(raw) if words is None else words
                last[-1] = _rejoin(last[-1], text, words)
            elif _WIDE.match(previous[-1]) and _WIDE.match(text[0]):
                last.append(text)
            else:
                last.append(" " + text)
        else:
            paragraphs.append([text])
        previous = text
    return ["".join(parts) for parts in paragraphs]


def _wrap_width(raw: list[str]) -> int:
    """The width the text was filled to; 0 where it was not wrapped.

    Most breaks must stand where the next word would not have fitted, and most of those inside a
    sentence: paragraphs of one length are no wrapped text.
    """
    pairs: list[tuple[int, int, bool]] = []
    width = 0
    previous = ""
    for line in raw:
        text = line.rstrip()
        if len(text) > _WIDEST and previous:
            return 0
        if text and previous:
            pairs.append((len(previous), len(_first_word(text)), ends_like_a_sentence(previous)))
            width = max(width, len(previous))
        previous = text
    if len(pairs) < _MIN_BREAKS or not _NARROWEST <= width <= _WIDEST:
        return 0
    full = [final for length, word, final in pairs if length + 1 + word > width - _SLACK]
    if len(full) < max(_MIN_BREAKS, _FULL * len(pairs)) or 2 * sum(full) > len(full):
        return 0
    return width


def _first_word(text: str) -> str:
    text = text.lstrip()
    return text[:1] if _WIDE.match(text) else text.split(" ", 1)[0]


def _continues(previous: str, text: str, width: int) -> bool:
    if len(previous) + 1 + len(_first_word(text)) > width - _SLACK:
        return True
    return previous[-1].isalnum() and text[0].islower()


def _vocabulary(raw: list[str]) -> set[str]:
    return {word.lower() for line in raw for word in _WORD.findall(line)}


def _rejoin(head: str, text: str, words: set[str]) -> str:
    """Join a word divided at a line end; the hyphen goes where the undivided word occurs elsewhere."""
    left = head.rsplit(" ", 1)[-1][:-1].lower()
    right = _WORD.match(text)
    whole = left + (right[0].lower() if right else "")
    return (head[:-1] if whole in words else head) + text
