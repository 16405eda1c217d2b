"""What each line of a text is: prose, caption, heading, label, credit or furniture.

One judgement serves plain texts and bodies taken from HTML. It goes by the shape of a line and its
neighbours: final punctuation, bullets, a credit at the end, player times, counts, the imperative of
a promo beside the name of a channel, words of buttons and menus (`line_words`). The rule that breaks
every tie: prose that is dropped is worse than furniture that is kept.

Every pattern runs on a clipped head or tail of a line, so time is linear in the text.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from transforms.line_words import (
    BLOCK_LEADS,
    BUTTON_WORDS,
    CAPTION_SIDES,
    CHANNEL_WORDS,
    COUNTED_WORDS,
    CREDIT_LABELS,
    CREDIT_MARKS,
    DURATION_WORDS,
    FIRST_PERSON,
    PROMO_OBJECTS,
    PROMO_VERBS,
    RELATED_LEADS,
    RIGHTS_RESERVED,
    SUBSCRIBE_VERBS,
)


class LineKind(StrEnum):
    """What a line is to a reader. Only PROSE counts for comparison, only FURNITURE is dropped."""

    PROSE = "prose"
    CAPTION = "caption"
    CREDIT = "credit"
    HEADING = "heading"
    LABEL = "label"
    LINK = "link"
    FURNITURE = "furniture"


@dataclass(frozen=True, slots=True)
class Judged:
    """A line's kind and the half-open span of it that is prose, (0, 0) where none is."""

    kind: LineKind
    span: tuple[int, int] = (0, 0)


_CLIP = 400  # characters of head or tail a pattern may look at
_LINK_WORDS = 30  # a longer bullet is a paragraph of a list, not a link
_LONG_WORDS = 15  # a line this long without a full stop is prose that lost it, or a standfirst
_CAPTION_WORDS = 80  # a longer line with a credit at its end is a paragraph with a credit glued on

_BULLET = re.compile(r"\s*(?:[•‣◦▪▫■□●○∙►▶▸▹➤➔→⁃·]+\s*|[-–—*+]\s+)")
_SURE_BULLET = re.compile(r"\s*[•‣◦▪▫■□●○∙►▶▸▹➤➔→⁃]")
_CLOSERS = "\"'”’“»«›‹」』】）)]*_ "
_FINAL = ".!?…。！？｡।॥؟۔։።။။។:;：；"
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_UNSPACED = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]"
)
_GLUED = re.compile(r"(?<=[^\W\d_A-ZÀ-Þ])(?=[A-ZÀ-Þ])|(?<=\d)(?=[A-ZÀ-Þ][a-zà-ÿ])")
_BREAK = re.compile(r"[.!?…]['\"”’»)\]]*(?:\s+|(?=[A-ZÀ-Þ]))(?=\S)|[。！？]")
_QUOTES = re.compile(r"[\"“”„«»「『]")
_TRAILING_NOTE = re.compile(r"\s*(?:\([^()]{1,80}\)|\[[^\[\]]{1,12}\])\s*$")
_CLOCK = r"\d{1,2}:\d{2}(?::\d{2})?"
_PLAYER = re.compile(rf"(?:{DURATION_WORDS})\s*:?\s*{_CLOCK}", re.IGNORECASE)
_CLOCK_ONLY = re.compile(rf"{_CLOCK}(?:\s*/\s*{_CLOCK})?")
_READING_TIME = re.compile(
    r"\d{1,3}[\s-]?min(?:ute[ns]?|utos?|uti|\.)?\s?(?:read|listen|watch|lesezeit|de lecture|de lectura"
    r"|de leitura|di lettura)\b|(?:lesezeit|temps de lecture|tiempo de lectura|tempo de leitura"
    r"|tempo di lettura|leestijd)\b.{0,12}\d",
    re.IGNORECASE,
)
_AGO = re.compile(
    r"(?:updated\s*|published\s*)?(?:(?:\d{1,3}|an?|one)\s?(?:minutes?|mins?|m|hours?|hrs?|h|days?|d|weeks?)"
    r"\s?ago|vor (?:\d{1,3}|einer|einem) (?:minuten?|stunden?|tag(?:en)?)"
    r"|il y a \d{1,3} ?(?:minutes?|min|heures?|h|jours?)|hace \d{1,3} (?:minutos?|horas?|días?)"
    r"|há \d{1,3} (?:minutos?|horas?|dias?)|\d{1,3} (?:minuti|ore|giorni) fa"
    r"|\d{1,3}\s?(?:分钟|分鐘|小时|小時|天|分|時間|日)前|\d{1,3}\s?(?:분|시간|일) 전)",
    re.IGNORECASE,
)
_COUNT = re.compile(
    rf"\(?\s*\d[\d.,]*\s?[km]?\s+(?:{COUNTED_WORDS})\s*\)?|(?:{COUNTED_WORDS})\s*[:(]\s*\d[\d.,]*\s*\)?",
    re.IGNORECASE,
)
_COPYRIGHT = re.compile(r"(?:[(\[]\s*)?(?:©|\(c\)|copyright\b|™)", re.IGNORECASE)
_RIGHTS = re.compile(RIGHTS_RESERVED, re.IGNORECASE)
_PARENTHESIS = re.compile(r"\(([^()]{3,160})\)[\s.]*$")
_CREDIT_LABEL = re.compile(
    rf"(?:^|(?<=[\s.!?)”\"|(\[])|(?<=[a-zà-ÿ]))(?:{CREDIT_LABELS})(?:\s*[:©/|]|\s+(?:by|credit|courtesy|von|par"
    rf"|por|di|via)\b\s*:?)\s*(?=[A-ZÀ-Þ©@\u3040-\u9fff])"
)
_CREDIT_MARK = re.compile(CREDIT_MARKS)
_SIDES = re.compile(CAPTION_SIDES, re.IGNORECASE)
_SLASHED = re.compile(
    r"[A-ZÀ-Þ][\w.'’&-]+\s[A-ZÀ-Þ][\w.'’& -]*\s?/\s?[A-Z]|[A-Z][\w.’' -]*\s?/\s?[A-ZÀ-Þ][\w.'’-]+\s[A-ZÀ-Þ]"
)
_SIGN_OFF = re.compile(
    r"\(?\s*(?:additional\s+)?(?:reporting|writing|editing|compiled|translat(?:ed|ion)|reported|edited"
    r"|written) by\b|.{0,120}\bcontributed (?:to|reporting)\b.{0,40}(?:report|story|article|this)",
    re.IGNORECASE,
)
_HANDLE = re.compile(r"\(@\w{2,40}\)|^@\w{2,40}$|pic\.twitter\.com/")
_BELOW = re.compile(
    r"\b(?:see|read|watch|siehe|lesen sie|voir|lire|ver|leer|vea|veja|leia|leggi|vedi)\b.{0,20}"
    r"\b(?:below|unten|ci-dessous|abajo|abaixo|sotto)\b",
    re.IGNORECASE,
)
_NOTICE_SUBJECT = re.compile(
    r"\b(?:browsers?|javascript|cookies?|ad[ -]?block(?:er|ers)?|navigateur|navegador|internet explorer|IE ?\d+)\b",
    re.IGNORECASE,
)
_NOTICE_PLEA = re.compile(
    r"\b(?:please|not supported|unsupported|no longer supports?|to continue|enable|upgrade|update your"
    r"|turn (?:on|off)|disable|your browser|another browser|we use|optimal experience|best experience|bitte|ihren? browser"
    r"|aktivieren|veuillez|votre navigateur|activer|por favor|su navegador|seu navegador|habilit[ae]"
    r"|tuo browser|wir verwenden|nous utilisons|utilizamos|usamos|we and our)\b",
    re.IGNORECASE,
)
_KICKER_QUESTION = re.compile(r"[^:?!.\"“„]{3,40}: (?=[A-ZÀ-Þ¿])[^.!\"“„]{5,150}\?")


def weigh(line: str) -> int:
    """The number of words of a line; in scripts without spaces two characters weigh one word."""
    unspaced = len(_UNSPACED.findall(line)) if not line.isascii() else 0
    return line.count(" ") + 1 + unspaced // 2 if line else 0


def ends_like_a_sentence(line: str) -> bool:
    """Whether a line ends with sentence punctuation, closing quotes and a last remark aside."""
    tail = line[-_CLIP:].rstrip()
    bare = tail.rstrip(_CLOSERS)
    if bare and bare[-1] in _FINAL:
        return True
    note = _TRAILING_NOTE.search(tail)
    if note and note.start() > 0:
        bare = tail[: note.start()].rstrip(_CLOSERS)
        return bool(bare) and bare[-1] in _FINAL
    return False


def bullet_end(line: str) -> int:
    """Where the text of a bulleted line begins; 0 for a line without a bullet."""
    found = _BULLET.match(line)
    return found.end() if found and found.end() < len(line) else 0


def _words(line: str) -> list[str]:
    """The lower-cased words of a line's head, words glued together by a lost space taken apart."""
    return [word.lower().replace("’", "'") for word in _WORD.findall(_GLUED.sub(" ", line[:_CLIP]))]


def is_site_notice(line: str) -> bool:
    """Whether a line speaks of the reader's browser, scripts or cookies rather than of the news."""
    if len(line) > _CLIP or _QUOTES.search(line):
        return False
    return bool(_NOTICE_SUBJECT.search(line)) and bool(_NOTICE_PLEA.search(line))


def _is_player_or_count(line: str) -> bool:
    head = line[:120]
    if len(line) <= 60 and (_COUNT.fullmatch(line) or _CLOCK_ONLY.fullmatch(line)):
        return True
    if len(line) <= 60 and (_AGO.fullmatch(line) or _READING_TIME.search(line)):
        return True
    if _PLAYER.match(head):
        return True
    ago = _AGO.match(head)
    return bool(ago and _PLAYER.match(head, ago.end()))


def _is_promo(line: str, words: list[str], *, final: bool) -> bool:
    """The imperative of a promo: a verb in front, and the name of a channel or of the site itself."""
    if not words or len(words) > _LINK_WORDS or _QUOTES.search(line):
        return False
    opening = {
        words[0],
        " ".join(words[:2]),
        *(words[1:2] if words[0] in {"please", "jetzt", "to"} else ()),
    }
    if not opening & PROMO_VERBS:
        return False
    rest = set(words[1:])
    if final:
        named = bool(rest & CHANNEL_WORDS)
        return named and (bool(rest & FIRST_PERSON) or bool(opening & SUBSCRIBE_VERBS))
    return (
        len(words) <= 8
        and bool(rest & (PROMO_OBJECTS | CHANNEL_WORDS))
        or bool(rest & CHANNEL_WORDS and rest & FIRST_PERSON)
    )


def _related_lead(line: str) -> int:
    """Length of a leading "Read also:"; 0 where there is none."""
    head = line[:60].lower().replace("’", "'")
    for lead in RELATED_LEADS:
        if head.startswith(lead):
            after = line[len(lead) :].lstrip()
            if (
                not after
                or after[0] in ":|>»–—：→"
                or (line[: len(lead)].isupper() and len(lead) > 5)
            ):
                return len(lead)
    return 0


def _is_buttons(line: str, words: list[str]) -> bool:
    if not words:
        return True  # rules, arrows, crosses, dots
    return (
        len(line) <= 120
        and len(words) <= 12
        and all(w in BUTTON_WORDS or w.isdigit() for w in words)
        and any(not w.isdigit() for w in words)
    )


def _credit_start(line: str) -> int:
    """Where a photo credit at the end of a line begins; -1 where there is none."""
    base = max(0, len(line) - _CLIP)
    tail = line[base:]
    inside = _PARENTHESIS.search(tail)
    if (
        inside
        and (_CREDIT_MARK.search(inside[1]) or _SLASHED.search(inside[1]))
        and _is_named(inside[1])
    ):
        return base + inside.start()
    for label in _CREDIT_LABEL.finditer(tail):
        if len(tail) - label.end() <= 120 and _is_named(tail[label.end() :]):
            return base + label.start()
    start = 0
    for found in _BREAK.finditer(tail):
        if len(tail) - found.end() > 2:
            start = found.end()
    rest = tail[start:]
    if len(rest) > 120 or (base and not start):
        return -1
    if (
        rest.rstrip()[-1:] not in _FINAL
        and (_CREDIT_MARK.search(rest) or _SLASHED.search(rest))
        and _is_named(rest)
    ):
        return base + start
    return -1


def _is_named(text: str) -> bool:
    """Whether a text is made of names: most of its words begin with a capital or have no case."""
    words = [word for word in _WORD.findall(text) if len(word) > 1 and not word.isdigit()]
    if not words or len(words) > 14:
        return False
    return sum(not word[0].islower() for word in words) >= 0.6 * len(words)


def _is_heading_question(line: str, words: list[str]) -> bool:
    if not line.endswith("?") or len(line) > 200:
        return False
    if _KICKER_QUESTION.fullmatch(line):
        return True
    return (
        len(words) >= 4
        and line[0].isupper()
        and all(not word[0].islower() for word in _WORD.findall(line) if len(word) > 3)
    )


def _judge(line: str, *, punctuated: bool) -> Judged:  # noqa: PLR0911 - a list of rules, in order
    """A line by itself; `punctuated` says whether this text ends its sentences with a mark."""
    start = bullet_end(line)
    text = line[start:].strip()
    if not text:
        return Judged(LineKind.FURNITURE)
    weight = weigh(text)
    final = ends_like_a_sentence(text)
    words = _words(text)
    if _is_player_or_count(text) or _is_buttons(text, words):
        return Judged(LineKind.FURNITURE)
    if (
        weight <= _CAPTION_WORDS
        and _COPYRIGHT.match(text)
        or (weight <= 60 and _RIGHTS.search(text[:_CLIP]))
    ):
        return Judged(LineKind.CREDIT)
    if is_site_notice(text):
        return Judged(LineKind.FURNITURE)
    if weight <= _LINK_WORDS and len(_BREAK.findall(text[:_CLIP])) < 2 and _related_lead(text):
        return Judged(LineKind.FURNITURE)
    if _is_promo(text, words, final=final):
        return Judged(LineKind.LABEL if final and weight > 12 else LineKind.FURNITURE)
    if weight <= 60 and _SIGN_OFF.match(text[:_CLIP]):
        return Judged(LineKind.CREDIT)
    if _HANDLE.search(text[:200]) and weight <= _LINK_WORDS:
        return Judged(LineKind.LABEL)
    credit = _credit_start(line)
    if credit >= 0:
        if weight <= _CAPTION_WORDS:
            return Judged(LineKind.CAPTION)
        return Judged(LineKind.PROSE, (start, len(line[:credit].rstrip())))
    if weight <= 60 and not _QUOTES.search(text) and _SIDES.search(text[:_CLIP]):
        return Judged(LineKind.CAPTION)
    if final and weight <= 14 and text[-1] in ":：" and _BELOW.search(text):
        return Judged(LineKind.LABEL)
    if final and _is_heading_question(text, words):
        return Judged(LineKind.HEADING)
    prose = Judged(LineKind.PROSE, (start, len(line.rstrip())))
    if final:
        return prose if weight >= 2 else Judged(LineKind.LABEL)
    if start and (_SURE_BULLET.match(line) or weight < _LONG_WORDS):
        return Judged(LineKind.LINK) if weight <= _LINK_WORDS else prose
    if weight >= (_LONG_WORDS if punctuated else 8) or len(_BREAK.findall(text[:_CLIP])) >= 2:
        return prose
    return Judged(LineKind.HEADING if weight > 2 else LineKind.LABEL)


def judge_lines(lines: Sequence[str]) -> list[Judged]:
    """Judge every line of a text, in the light of the others.

    Args:
        lines: the non-empty lines, one paragraph each.
    """
    long_lines = [line for line in lines if weigh(line) >= 12]
    punctuated = 3 * sum(map(ends_like_a_sentence, long_lines)) >= len(long_lines) > 0
    judged = [_judge(line, punctuated=punctuated) for line in lines]
    _spread_blocks(lines, judged)
    _mend_fragments(lines, judged)
    _settle_standfirst(lines, judged)
    _settle_lists(lines, judged)
    _drop_repeats(lines, judged)
    if not any(one.kind is LineKind.PROSE for one in judged):
        for n, (line, one) in enumerate(zip(lines, judged, strict=True)):
            if one.kind in {LineKind.HEADING, LineKind.LABEL} and (
                weigh(line) >= 4 or len(lines) == 1
            ):
                judged[n] = Judged(LineKind.PROSE, (bullet_end(line), len(line.rstrip())))
    return judged


def _spread_blocks(lines: Sequence[str], judged: list[Judged]) -> None:
    """A widget's heading takes the short lines under it along ("How to listen", "Online", "App")."""
    inside = 0
    for n, one in enumerate(judged):
        if one.kind is LineKind.FURNITURE:
            words = _words(lines[n])
            inside = (
                10
                if " ".join(words[:2]) in BLOCK_LEADS or " ".join(words) in BLOCK_LEADS
                else inside
            )
        elif " ".join(_words(lines[n])[:2]) in BLOCK_LEADS and one.kind in {
            LineKind.HEADING,
            LineKind.LABEL,
        }:
            judged[n] = Judged(LineKind.FURNITURE)
            inside = 10
        elif inside and one.kind in {LineKind.LABEL, LineKind.LINK, LineKind.HEADING}:
            judged[n] = Judged(LineKind.FURNITURE)
            inside -= 1
        else:
            inside = 0


def _mend_fragments(lines: Sequence[str], judged: list[Judged]) -> None:
    """A line that breaks off before a lower-case line is half a paragraph, so both are prose."""
    for n in range(len(lines) - 1):
        if judged[n].kind is not LineKind.HEADING or bullet_end(lines[n]):
            continue
        following = lines[n + 1].lstrip()
        if judged[n + 1].kind is LineKind.PROSE and (
            following[0].islower() or lines[n].rstrip()[-1] in ",，、"
        ):
            judged[n] = Judged(LineKind.PROSE, (0, len(lines[n].rstrip())))


def _settle_standfirst(lines: Sequence[str], judged: list[Judged]) -> None:
    """A single line without a full stop above the first paragraph is a standfirst, not prose."""
    for n, one in enumerate(judged):
        if one.kind is not LineKind.PROSE:
            continue
        later = any(j.kind is LineKind.PROSE for j in judged[n + 1 :])
        text = lines[n]
        if (
            later
            and weigh(text) <= _LINK_WORDS
            and not ends_like_a_sentence(text)
            and not _BREAK.search(text[:_CLIP])
        ):
            following = lines[n + 1].lstrip()
            if text.rstrip()[-1] not in ",，、" and not following[:1].islower():
                judged[n] = Judged(LineKind.HEADING)
        return


def _settle_lists(lines: Sequence[str], judged: list[Judged]) -> None:
    """Bullets under a full paragraph are links to other articles; under a colon, a heading or the
    headline they are a list of the article's own.
    """
    n = 0
    while n < len(judged):
        if judged[n].kind is not LineKind.LINK:
            n += 1
            continue
        end = n
        while end < len(judged) and judged[end].kind is LineKind.LINK:
            end += 1
        above = lines[n - 1].rstrip(_CLOSERS) if n else ""
        own = (
            not above
            or above[-1] in ":："
            or judged[n - 1].kind not in {LineKind.PROSE, LineKind.CAPTION}
        )
        own = own and not (n and judged[n - 1].kind is LineKind.FURNITURE)
        kind = LineKind.LABEL if own or end - n > 8 else LineKind.LINK
        judged[n:end] = [Judged(kind)] * (end - n)
        n = end


def _drop_repeats(lines: Sequence[str], judged: list[Judged]) -> None:
    """A sentence that a longer line says too is a caption or a pull quote; a line said before is
    furniture. Word 4-grams, at least 8 of 10 words covered.
    """
    seen: set[str] = set()
    tokens: dict[int, list[str]] = {}
    for n, line in enumerate(lines):
        if line in seen and weigh(line) >= 8 and judged[n].kind is not LineKind.FURNITURE:
            judged[n] = Judged(LineKind.FURNITURE)
        seen.add(line)
        if judged[n].kind is LineKind.PROSE and len(line) < 20_000:
            tokens[n] = [word.lower() for word in _WORD.findall(line)]
    owner: dict[tuple[str, ...], int] = {}
    for n in sorted(tokens, key=lambda n: (-len(tokens[n]), n)):
        words = tokens[n]
        grams = list(zip(words, words[1:], words[2:], words[3:], strict=False))
        if 8 <= len(words) <= 40 and len(_BREAK.findall(lines[n][:_CLIP])) == 0:
            covered = bytearray(len(words))
            for at, gram in enumerate(grams):
                if gram in owner:
                    covered[at : at + 4] = b"\1\1\1\1"
            if 10 * sum(covered) >= 8 * len(words):
                judged[n] = Judged(LineKind.CAPTION)
                continue
        for gram in grams:
            owner.setdefault(gram, n)
