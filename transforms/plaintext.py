"""Plain-text articles: headline, date line, byline, readable body, and what of it is prose.

A text file has no markup to go by, so everything is told from the shape of its lines (`lines`).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from transforms.lines.judge import Judged, LineKind, is_furniture, judge_lines
from transforms.lines.shapes import ends_like_a_sentence, is_site_notice, weigh
from transforms.lines.words import BYLINE_OPENINGS, DATE_WORDS, MONTHS
from transforms.lines.wrapping import unwrap
from transforms.times.relative_days import is_relative_day

_TOP_LINES = 12  # date and byline are looked for in the first lines only
_HEADLINE_LINES = 40
_HEADLINE_WORDS = 20  # a first line this long that ends with a full stop is a paragraph
_HEADLINE_LENGTH = 300  # a longer first line is a paragraph; its first sentence serves as headline
_ODD = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f-\xa0\xad\u1680\u180e\u2000-\u200f\u2028-\u202f\u205f\u2060\u2066-\u2069"
    "\u3000\ud800-\udfff\ufeff]"
)
_LINE_ENDS = frozenset("\x0b\x0c\r\x85\u2028\u2029")
_SPACES = frozenset("\t\xa0\u1680\u202f\u205f\u3000") | frozenset(map(chr, range(0x2000, 0x200B)))
_JOINERS = frozenset("\u200c\u200d")
# Joiners are spelling in Persian and Indic scripts and noise anywhere else.
_STRAY_JOINER = re.compile(
    "(?<![^\x00-\u024f\\s])[\u200c\u200d]|[\u200c\u200d](?![^\x00-\u024f\\s])"
)
_TOKEN = re.compile(r"\d+|[^\W\d_]+")
_NUMERIC_DATE = re.compile(
    r"\b\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\b\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4}\b|\d{4}\s?[年년]"
)
_UPDATED = re.compile(
    r"(?:last )?(?:updated|modified|edited)|aktualisiert|mis à jour|modifié|actualizado|atualizado|aggiornato|bijgewerkt",
    re.IGNORECASE,
)
_SITE_NAME = re.compile(r"\s+[-|–—·•»:]\s+\S")
_SITE_NAME_LENGTH = 60
_WORD = re.compile(r"\w+")
_BLANK = Judged(LineKind.LABEL)


@dataclass(frozen=True, slots=True)
class PlainText:
    """One article read from plain text.

    `body` holds one paragraph a line, without the headline, date line and byline. `prose` are the
    half-open code-point spans of `body` that count for comparison: ascending, disjoint, none
    crossing a line end; `headings` those of lines that read like a heading. `date_raw` is the
    whole-line date near the top, as printed, `relative_raw` one that says it relative to when it was
    read ("yesterday", "3 hours ago").
    """

    headline: str
    body: str
    prose: tuple[tuple[int, int], ...]
    date_raw: str | None
    byline: str | None
    relative_raw: str | None = None
    headings: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Spans:
    """What of a body counts for comparison (`prose`), and the lines that read like a heading or a row of
    a table: half-open, in code points, ascending, disjoint, none crossing a line end.
    """

    prose: tuple[tuple[int, int], ...]
    headings: tuple[tuple[int, int], ...]


def normalise(text: str) -> str:
    r"""Line ends to "\n", all other white space to spaces, invisible characters and NUL removed,
    lone surrogates replaced, so that the result is valid UTF-8. Indents and blank lines are kept.
    """
    text = _ODD.sub(_plain, text.replace("\r\n", "\n"))
    return text if text.isascii() else _STRAY_JOINER.sub("", text)


def _plain(odd: re.Match[str]) -> str:
    char = odd[0]
    if char in _SPACES:
        return " "
    if char in _LINE_ENDS:
        return "\n"
    if char in _JOINERS:
        return char
    return "\ufffd" if "\ud800" <= char <= "\udfff" else ""


def read_plain_text(text: str, *, headline: str | None = None) -> PlainText:
    """Read one plain-text article.

    Args:
        text: the whole text, any language, any line ends, hard-wrapped or not.
        headline: the headline where it is known beside the text, which may or may not repeat it.
            Without it, the first line that is no site notice, widget or date.
    """
    given = _one_line(headline or "")
    lines = unwrap(normalise(text).split("\n"))
    found = _find_headline(lines, given)
    name = given or (lines[found] if found is not None else "")
    if found is not None and not given:
        # A page's name above its headline: the headline is the line without the site's name.
        name = next(
            (line for line in lines[found + 1 : found + 4] if _with_site_name(name, line)), name
        )
    top = _read_top(lines, found)
    body = [
        line
        for n, line in enumerate(lines)
        if n != found
        and n not in top.lines
        and not ((weigh(line) >= 3 or n < _TOP_LINES) and _same(line, name))
    ]
    if found is not None:
        if _is_paragraph(name) or (not body and ends_like_a_sentence(name)):
            body.insert(0, name if not given else lines[found])
        name = as_headline(name)
    kept = [
        (line, one)
        for line, one in zip(body, judge_lines(body), strict=True)
        if one.kind not in {LineKind.FURNITURE, LineKind.LINK}
    ]
    spans = _spans([line for line, _ in kept], [one for _, one in kept])
    joined = "\n".join(line for line, _ in kept)
    return PlainText(
        name, joined, spans.prose, top.date_raw, top.byline, top.relative_raw, spans.headings
    )


def body_spans(body: str) -> Spans:
    """The spans of a body taken from HTML, by the same judgement."""
    lines = body.split("\n")
    told = iter(judge_lines([line for line in lines if line.strip()]))
    return _spans(lines, [next(told) if line.strip() else _BLANK for line in lines])


def prose_spans(body: str) -> tuple[tuple[int, int], ...]:
    """The spans of a body taken from HTML that count for comparison."""
    return body_spans(body).prose


def read_date_line(line: str) -> str | None:
    """The date a line consists of, without a label such as "Published:"; None for any other line.

    All words of the line must be words of dates (months, weekdays, zones, labels), in a dozen
    languages, so that a date inside a sentence is never taken.
    """
    if not 6 <= len(line) <= 90 or not any(char.isdigit() for char in line):
        return None
    tokens = _TOKEN.findall(line.lower())
    if len(tokens) > 16:
        return None
    months = [token for token in tokens if token in MONTHS]
    numeric = _NUMERIC_DATE.search(line)
    if not numeric and (not months or not any(token.isdigit() for token in tokens)):
        return None
    if not all(token.isdigit() or token in MONTHS or token in DATE_WORDS for token in tokens):
        return None
    if not numeric and not any(len(token) == 4 for token in tokens if token.isdigit()):
        return None
    for token in _TOKEN.finditer(line):
        word = token[0].lower()
        if word.isdigit() or word in MONTHS or DATE_WORDS[word]:
            return line[token.start() :].strip(" .|•·")
    return None


def _one_line(text: str) -> str:
    return " ".join(normalise(text).split())


def _find_headline(lines: list[str], given: str) -> int | None:
    """The index of the headline's line; None where `given` is not repeated near the top."""
    if given:
        top = enumerate(lines[:_TOP_LINES])
        return next(
            (n for n, line in top if _same(line, given) or _with_site_name(line, given)), None
        )
    first = None
    for n, line in enumerate(lines[:_HEADLINE_LINES]):
        if not _WORD.search(line) or is_site_notice(line) or read_date_line(line):
            continue
        first = n if first is None else first
        if not is_furniture(line) and not _is_byline(line):
            return n
    return first


@dataclass(frozen=True, slots=True)
class _Top:
    lines: frozenset[int]
    date_raw: str | None
    byline: str | None
    relative_raw: str | None


def _read_top(lines: list[str], headline: int | None) -> _Top:
    """Date lines and the byline of the first lines, up to the second full paragraph."""
    taken: set[int] = set()
    date_raw = byline = relative_raw = None
    updated = False
    paragraphs = 0
    for n, line in enumerate(lines[:_TOP_LINES]):
        if n == headline:
            continue
        if date := read_date_line(line):
            if date_raw is None or (updated and not _UPDATED.match(line)):
                date_raw, updated = date, bool(_UPDATED.match(line))
            taken.add(n)
        elif relative_raw is None and is_relative_day(line):
            relative_raw = line
            taken.add(n)
        elif byline is None and _is_byline(line):
            byline = line
            taken.add(n)
        elif weigh(line) >= 12 and ends_like_a_sentence(line):
            paragraphs += 1
            if paragraphs == 2:
                break
    return _Top(frozenset(taken), date_raw, byline, relative_raw)


def _same(line: str, other: str) -> bool:
    if not other or abs(len(line) - len(other)) > 40 + len(other) // 2:
        return False
    return _WORD.findall(line.lower()) == _WORD.findall(other.lower()) != []


def _with_site_name(line: str, headline: str) -> bool:
    """Whether a line is a headline followed by the site's name: "Headline | The Courier"."""
    if (
        not headline
        or not line.startswith(headline)
        or len(line) - len(headline) > _SITE_NAME_LENGTH
    ):
        return False
    return bool(_SITE_NAME.match(line, len(headline)))


def _is_paragraph(line: str) -> bool:
    """Whether a first line is a paragraph in the headline's place, which the body must not lose."""
    return len(line) > _HEADLINE_LENGTH or (
        weigh(line) >= _HEADLINE_WORDS
        and ends_like_a_sentence(line)
        and line.rstrip("\"'”’»)")[-1:] in ".。"
    )


def as_headline(line: str) -> str:
    """A line as a headline: a paragraph in its place gives its first sentence, 200 characters at most."""
    if len(line) <= _HEADLINE_LENGTH:
        return line
    head = line[:_HEADLINE_LENGTH]
    stop = re.search(r"[.!?](?=\s)|[。！？]", head[40:])
    if stop:
        return head[: 40 + stop.end()]
    cut = head[:200].rfind(" ")
    return head[: cut if cut > 100 else 200]


def _is_byline(line: str) -> bool:
    words = line.split()
    if not 2 <= len(words) <= 14 or len(line) > 120 or line[-1] in ".!?:":
        return False
    if words[0].rstrip(":").lower() not in BYLINE_OPENINGS or words[0][0].islower():
        return False
    names = [word for word in words[1:] if word[0].isalpha()]
    return (
        bool(names)
        and names[0][0].isupper()
        and 2 * sum(w[0].isupper() for w in names) >= len(names)
    )


def _spans(lines: Sequence[str], judged: Sequence[Judged]) -> Spans:
    """Where the prose and the headings of these lines stand in the body they make."""
    prose: list[tuple[int, int]] = []
    headings: list[tuple[int, int]] = []
    at = 0
    for line, one in zip(lines, judged, strict=True):
        if one.span[0] < one.span[1]:
            prose.append((at + one.span[0], at + one.span[1]))
        elif one.kind is LineKind.HEADING:
            headings.append((at, at + len(line.rstrip())))
        at += len(line) + 1
    return Spans(tuple(prose), tuple(headings))
