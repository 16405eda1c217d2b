"""What each line of a text is: prose, caption, heading, label, credit, link or furniture.

One judgement serves plain texts and bodies taken from HTML. A line is judged by its shape
(`shapes`), then by its neighbours: what stands under the head of a widget, what a longer line
says too, what follows a colon. The rule that breaks every tie: prose that is dropped is worse than
furniture that is kept.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from transforms.lines.restated import find_restated
from transforms.lines.shapes import (
    CLIP,
    CLOSERS,
    LINK_WORDS,
    SENTENCE_BREAK,
    WORD,
    bullet_end,
    credit_start,
    ends_like_a_sentence,
    first_word,
    has_related_lead,
    has_spoken_words,
    is_buttons,
    is_form,
    is_heading_question,
    is_player_or_count,
    is_pointer,
    is_promo,
    is_sign_off,
    is_site_notice,
    is_tweet_signature,
    opens_or_points_like_a_caption,
    rights_start,
    weigh,
    words_of,
)
from transforms.lines.words import BLOCK_LEADS, PROMO_OPENINGS, PROMO_VERBS


class LineKind(StrEnum):
    """What a line is to a reader. Only PROSE counts for comparison, and between copies HEADING where both
    have the line; of a plain text FURNITURE and LINK are dropped.
    """

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


_LONG_WORDS = 15  # a line this long without a full stop is prose that lost it, or a standfirst
_UNPUNCTUATED_WORDS = 8  # the same in a text that has no full stops at all
_SHORT_WORDS = 60  # no caption, credit or notice without its own mark is longer
_CAPTION_WORDS = 80  # a longer line with a credit at its end is a paragraph with a credit glued on
_RIGHTS_ABOVE = 12  # words before a reservation of rights that make it a paragraph's tail
_BLOCK_LINES = 10  # short lines a widget's head takes along
_OWN_BULLETS = 8  # more bullets than this are a list, whatever stands above
_REPEATED_WORDS = 8  # a shorter line may well be said twice
_LONGEST_COMPARED = 20_000  # characters of a line
_SURE_BULLET = re.compile(r"\s*[•‣◦▪▫■□●○∙►▶▸▹➤➔→⁃]")


def judge_lines(lines: Sequence[str]) -> list[Judged]:
    """Judge every line of a text, in the light of the others.

    Args:
        lines: the non-empty lines, one paragraph each.
    """
    finals = [ends_like_a_sentence(line) for line in lines]
    long = [final for line, final in zip(lines, finals, strict=True) if weigh(line) >= 12]
    least = _LONG_WORDS if 3 * sum(long) >= len(long) > 0 else _UNPUNCTUATED_WORDS
    alone = {line: _judge(line, least) for line in dict.fromkeys(lines)}
    judged = [alone[line] for line in lines]
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


def _judge(line: str, least: int) -> Judged:
    """A line by itself; `least` words make prose of a line without final punctuation."""
    start = bullet_end(line)
    text = line[start:].strip()
    weight = weigh(text)
    final = ends_like_a_sentence(text)
    if weight <= _CAPTION_WORDS and (kind := _as_furniture(text, weight, final=final)):
        return Judged(kind)
    if (at := rights_start(text)) >= 0:
        above = text[:at].rstrip(" ([")
        few = weigh(above) < _RIGHTS_ABOVE
        return (
            Judged(LineKind.CREDIT) if few else Judged(LineKind.PROSE, (start, start + len(above)))
        )
    if (at := credit_start(line)) >= 0 and weight > _CAPTION_WORDS:
        return Judged(LineKind.PROSE, (start, len(line[:at].rstrip())))
    if at >= 0 or (weight <= _SHORT_WORDS and opens_or_points_like_a_caption(text)):
        return Judged(LineKind.CAPTION)
    if final:
        kind = _as_other_sentence(text, weight)
    elif weight <= LINK_WORDS and _SURE_BULLET.match(line):
        kind = LineKind.LINK
    else:
        kind = _as_unfinished(text, weight, least)
    return Judged(kind) if kind else Judged(LineKind.PROSE, (start, len(line.rstrip())))


def _as_unfinished(text: str, weight: int, least: int) -> LineKind | None:
    """The kind of a line without final punctuation; None for a paragraph that lost it."""
    if weight >= least or len(SENTENCE_BREAK.findall(text[:CLIP])) >= 2:
        return None
    if weight >= _UNPUNCTUATED_WORDS and has_spoken_words(text):
        return None
    return LineKind.HEADING if weight > 2 else LineKind.LABEL


def _as_other_sentence(text: str, weight: int) -> LineKind | None:
    """The kind of a line that ends like a sentence and is none of the article's prose."""
    if weight < 2 or (weight <= 14 and is_pointer(text)):
        return LineKind.LABEL
    return LineKind.HEADING if is_heading_question(text) else None


def _as_furniture(text: str, weight: int, *, final: bool) -> LineKind | None:
    """The kind of a line that is no part of the article's own text; None for any other."""
    first = first_word(text)
    if not first or is_player_or_count(text):
        return LineKind.FURNITURE
    if weight <= LINK_WORDS and (kind := _as_short_furniture(text, weight, first, final=final)):
        return kind
    if weight <= _SHORT_WORDS:
        if is_site_notice(text):
            return LineKind.FURNITURE
        if is_sign_off(text):
            return LineKind.CREDIT
        if is_form(text):
            return LineKind.LABEL
    return None


def _as_short_furniture(text: str, weight: int, first: str, *, final: bool) -> LineKind | None:
    if has_related_lead(text) and len(SENTENCE_BREAK.findall(text[:CLIP])) < 2:
        return LineKind.FURNITURE
    words = words_of(text) if not final or first in PROMO_VERBS or first in PROMO_OPENINGS else []
    if words and not final and is_buttons(text, words):
        return LineKind.FURNITURE
    if is_promo(text, words, final=final):
        return LineKind.LABEL if final and weight > 12 else LineKind.FURNITURE
    return LineKind.LABEL if is_tweet_signature(text) else None


def is_furniture(line: str) -> bool:
    """Whether a line, by itself, is a widget, a notice, a button or a promo."""
    text = line[bullet_end(line) :].strip()
    return _as_furniture(text, weigh(text), final=ends_like_a_sentence(text)) is LineKind.FURNITURE


def _heads_a_block(line: str) -> bool:
    if weigh(line) > 8:
        return False
    words = words_of(line)
    return " ".join(words[:2]) in BLOCK_LEADS or " ".join(words) in BLOCK_LEADS


def _spread_blocks(lines: Sequence[str], judged: list[Judged]) -> None:
    """A widget's head takes the short lines under it along ("How to listen", "Online", "App")."""
    short = {LineKind.LABEL, LineKind.LINK, LineKind.HEADING}
    left = 0
    for n, one in enumerate(judged):
        if one.kind in short | {LineKind.FURNITURE} and _heads_a_block(lines[n]):
            left = _BLOCK_LINES
            judged[n] = Judged(LineKind.FURNITURE)
        elif left and one.kind in short:
            left -= 1
            judged[n] = Judged(LineKind.FURNITURE)
        elif one.kind is not LineKind.FURNITURE:
            left = 0


def _mend_fragments(lines: Sequence[str], judged: list[Judged]) -> None:
    """A line that breaks off before a lower-case line is half a paragraph, so both are prose."""
    for n in range(len(lines) - 1):
        if judged[n].kind is not LineKind.HEADING or judged[n + 1].kind is not LineKind.PROSE:
            continue
        if _runs_on(lines[n], lines[n + 1]) and not bullet_end(lines[n]):
            judged[n] = Judged(LineKind.PROSE, (0, len(lines[n].rstrip())))


def _runs_on(line: str, following: str) -> bool:
    return line.rstrip()[-1] in ",，、" or following.lstrip()[:1].islower()


def _settle_standfirst(lines: Sequence[str], judged: list[Judged]) -> None:
    """A single line without a full stop above the first paragraph is a standfirst, not prose."""
    prose = [n for n, one in enumerate(judged) if one.kind is LineKind.PROSE]
    if len(prose) < 2:
        return
    n = prose[0]
    line = lines[n]
    if weigh(line) > LINK_WORDS or ends_like_a_sentence(line) or SENTENCE_BREAK.search(line[:CLIP]):
        return
    if not _runs_on(line, lines[n + 1]) and ends_like_a_sentence(lines[prose[1]]):
        judged[n] = Judged(LineKind.HEADING)


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
        above = lines[n - 1].rstrip(CLOSERS) if n else ""
        body = {LineKind.PROSE, LineKind.CAPTION, LineKind.FURNITURE}
        own = not above or above[-1] in ":：" or judged[n - 1].kind not in body
        if own or end - n > _OWN_BULLETS:
            judged[n:end] = [Judged(LineKind.LABEL)] * (end - n)
        n = end


def _drop_repeats(lines: Sequence[str], judged: list[Judged]) -> None:
    """A line said before is furniture; a sentence an earlier paragraph says too is a caption."""
    seen: set[str] = set()
    places: list[int] = []
    for n, line in enumerate(lines):
        if (
            line in seen
            and judged[n].kind is not LineKind.FURNITURE
            and weigh(line) >= _REPEATED_WORDS
        ):
            judged[n] = Judged(LineKind.FURNITURE)
        seen.add(line)
        if judged[n].kind is LineKind.PROSE and len(line) < _LONGEST_COMPARED:
            places.append(n)
    words = [WORD.findall(lines[n].lower()) for n in places]
    for nth in find_restated(words, lambda nth: _is_single(lines[places[nth]])):
        judged[places[nth]] = Judged(LineKind.CAPTION)


def _is_single(line: str) -> bool:
    """Whether a line is a single sentence."""
    return not SENTENCE_BREAK.search(line[:CLIP].rstrip())
