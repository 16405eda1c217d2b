"""The shapes a single line can have: sentence, player, button, promo, notice, photo credit.

Each function asks one question of one line. Every pattern runs on a clipped head or tail, so time
is linear in the text; what a plain look can rule out is ruled out before a pattern runs.
"""

from __future__ import annotations

import re
from functools import cache

from transforms.lines.words import (
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

CLIP = 400  # characters of head or tail a pattern may look at
LINK_WORDS = 30  # a longer bullet is a paragraph of a list, not a link
_CREDIT_LENGTH = 120
_CREDIT_CLIP = 260
CLOSERS = "\"'”’“«»›‹」』】）)]*_ "
FINAL = frozenset(".!?…。！？｡।॥؟۔։።။។:;：；")

WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
# A full stop after a single letter is an initial's ("U.S. plans").
SENTENCE_BREAK = re.compile(
    r"(?:(?<=[^\W_]{2})\.|(?<=\d)\.|(?<=[\"”’»)\]])\.|[!?…])['\"”’»)\]]*(?:\s+|(?=[A-ZÀ-Þ]))(?=\S)|[。！？]"
)
QUOTES = re.compile(r"[\"“”„«»「『]")
_BULLET = re.compile(r"\s*(?:[•‣◦▪▫■□●○∙►▶▸▹➤➔→⁃·]+\s*|[-–—*+]\s+)")
_UNSPACED = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]"
)
_GLUED = re.compile(r"(?<=[^\W\d_A-ZÀ-Þ])(?=[A-ZÀ-Þ])|(?<=\d)(?=[A-ZÀ-Þ][a-zà-ÿ])")
_TRAILING_NOTE = re.compile(r"\s*(?:\([^()]{1,80}\)|\[[^\[\]]{1,40}\])\s*$")
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
    rf"\(?\s*\d[\d.,]*\s?[km]?\s+(?:{COUNTED_WORDS})\s*\)?"
    rf"|(?:{COUNTED_WORDS})\s*[:(]\s*\d[\d.,]*\s*\)?",
    re.IGNORECASE,
)
_COPYRIGHT = re.compile(r"(?:[(\[]\s*)?(?:©|\(c\)|copyright\b|™)", re.IGNORECASE)
_PARENTHESIS = re.compile(r"\(([^()]{3,160})\)[\s.]*$")
_CREDIT_LABEL = re.compile(
    rf"(?:^|(?<=[\s.!?)”\"|(\[])|(?<=[a-zà-ÿ]))(?:{CREDIT_LABELS})"
    r"(?:\s*[:©/|]|\s+(?:by|credit|courtesy|von|par|por|di|via)\b\s*:?)\s*(?=[A-ZÀ-Þ©@\u3040-\u9fff])"
)
_GLUED_CREDIT = re.compile(
    r"[.!?”\"’]\s?(?:Photograph|Photo|Image|Picture)?\s?Credits?[.…]{0,3}\s?(?=[A-ZÀ-Þ])"
)
_CAPTION_OPENING = re.compile(
    r"(?:FILE|FILES|ARCHIV|ARCHIVO|ARQUIVO|DATEI)\b(?: PHOTO\b)?\s?[-–—:(]"
    r"|In this [^.]{3,70}?\b(?:photo|photograph|image|picture|frame|grab)\b"
    r"|This [^.]{0,50}?\b(?:photo|image|picture|combination|handout)\b[^.]{0,40}\b(?:shows?|provided|released|taken)\b"
)
_GALLERY_END = re.compile(r"(?<=\))\s+(?:less|more)$")
_CREDIT_MARK = re.compile(CREDIT_MARKS)
# One of these stands in every credit; looking for them in turn takes a tenth of a pattern's time.
_LABEL_PARTS = tuple(
    """Pho pho PHO Pic pic Ima ima IMA Cre Cré CRE Ill Scr Foto foto FOTO Bi Gra Imm Arch Bee 写 图 圖
    사""".split()  # noqa: SIM905 - a table in the shape of text
)
_MARK_PARTS = (
    *"/ © Pho pho PHO Foto Pool POOL Hand HAND Get GET Shu Ala iSt Uns Arch Scr ourtesy".split(),  # noqa: SIM905 - as above
    "Via ",
    "via ",
)
_SIDES = re.compile(CAPTION_SIDES, re.IGNORECASE)
_SLASHED = re.compile(
    r"[A-ZÀ-Þ][\w.'’&-]{1,30}\s[A-ZÀ-Þ][\w.'’& -]{0,40}\s?/\s?[A-Z]"
    r"|[A-Z][\w.’' -]{0,40}\s?/\s?[A-ZÀ-Þ][\w.'’-]{1,30}\s[A-ZÀ-Þ]"
)
_SIGN_OFF = re.compile(
    r"\(?\s*(?:additional\s+)?(?:reporting|writing|editing|compiled|translat(?:ed|ion)|reported|edited"
    r"|written) by\b",
    re.IGNORECASE,
)
_CONTRIBUTED = re.compile(
    r"\bcontributed (?:to|reporting)\b[^.]{0,40}(?:report|story|article|this)"
)
_FORM = re.compile(
    r"\b(?:enter|submit|type) (?:your|a valid) e-?mail|\b(?:in|to) your in-?box\b|\bunsubscribe at any time"
    r"|\bE-Mail-Adresse (?:ein|an)geben|\bvotre (?:adresse )?e-?mail|\btu correo electrónico|\bseu e-?mail\b"
    r"|\bla tua e-?mail",
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
_NOTICE_PARTS = ("browser", "script", "cookie", "block", "naveg", "naviga", "explorer", "ie ")
_NOTICE_PLEA = re.compile(
    r"\b(?:please|not supported|unsupported|no longer supports?|to continue|enable|upgrade|update your"
    r"|turn (?:on|off)|disable|your browser|another browser|we use|optimal experience|best experience|bitte"
    r"|ihren? browser|aktivieren|veuillez|votre navigateur|activer|por favor|su navegador|seu navegador"
    r"|habilit[ae]|tuo browser|wir verwenden|nous utilisons|utilizamos|usamos|we and our)\b",
    re.IGNORECASE,
)
_SPOKEN = re.compile(r"[”\"“»]\s?,\s|,[”\"“»]\s")
_KICKER_QUESTION = re.compile(
    r"(?!(?:the|a|an|our|my|his|her|its|their|one|this|that|der|die|das|le|la|les|el|los|las|o|os|as|il|lo|i|gli)\b)"
    r"(?![A-ZÀ-Þ]+:)[^\s:?!.\"“„]{2,24}(?: [^\s:?!.\"“„]{1,20}){0,2}: (?=[A-ZÀ-Þ¿])[^.?!\"“„]{5,150}\?",
    re.IGNORECASE,
)


def weigh(line: str) -> int:
    """The number of words of a line; in scripts without spaces two characters weigh one word."""
    unspaced = 0 if line.isascii() else len(_UNSPACED.findall(line))
    return line.count(" ") + 1 + unspaced // 2 if line else 0


def ends_like_a_sentence(line: str) -> bool:
    """Whether a line ends with sentence punctuation, closing quotes and a last remark aside."""
    tail = line[-CLIP:].rstrip()
    bare = tail.rstrip(CLOSERS)
    if bare and bare[-1] in FINAL:
        return True
    note = _TRAILING_NOTE.search(tail) if tail[-1:] in {")", "]"} else None
    if note and note.start() > 0:
        bare = tail[: note.start()].rstrip(CLOSERS)
        return bool(bare) and bare[-1] in FINAL
    return False


def bullet_end(line: str) -> int:
    """Where the text of a bulleted line begins; 0 for a line without a bullet."""
    if line[:1].isalnum():
        return 0
    found = _BULLET.match(line)
    return found.end() if found and found.end() < len(line) else 0


def words_of(line: str) -> list[str]:
    """The lower-cased words of a line's head, words glued together by a lost space taken apart."""
    return WORD.findall(_GLUED.sub(" ", line[:CLIP]).lower().replace("’", "'"))


def first_word(line: str) -> str:
    """The first word of a line in lower case; empty where it has none."""
    found = WORD.search(line[:CLIP])
    return found[0].lower().replace("’", "'") if found else ""


def is_site_notice(line: str) -> bool:
    """Whether a line speaks of the reader's browser, scripts or cookies rather than of the news."""
    low = line.lower()
    if len(line) > CLIP or not any(part in low for part in _NOTICE_PARTS) or QUOTES.search(line):
        return False
    return bool(_NOTICE_SUBJECT.search(line)) and bool(_NOTICE_PLEA.search(line))


def is_player_or_count(line: str) -> bool:
    """Whether a line is a player's time, a reading time, an age ("2 hours ago") or a count."""
    head = line[:120]
    if len(line) <= 60 and (
        _COUNT.fullmatch(line)
        or _CLOCK_ONLY.fullmatch(line)
        or _AGO.fullmatch(line)
        or _READING_TIME.search(line)
    ):
        return True
    if _PLAYER.match(head):
        return True
    ago = _AGO.match(head)
    return bool(ago and _PLAYER.match(head, ago.end()))


def is_buttons(line: str, words: list[str]) -> bool:
    """Whether a line holds nothing but words of buttons, or no word at all (rules, arrows)."""
    if not words:
        return True
    if len(line) > 120 or len(words) > 12:
        return False
    named = [word for word in words if not word.isdigit()]
    return bool(named) and all(word in BUTTON_WORDS for word in named)


def is_promo(line: str, words: list[str], *, final: bool) -> bool:
    """The imperative of a promo: a verb in front, and a channel or the site itself as its object."""
    if not words or len(words) > LINK_WORDS:
        return False
    opening = {words[0], " ".join(words[:2])}
    if words[0] in {"please", "jetzt", "to", "bitte"}:
        opening.update(words[1:2])
    if not opening & PROMO_VERBS or QUOTES.search(line):
        return False
    rest = frozenset(words[1:])
    channel, voice = bool(rest & CHANNEL_WORDS), bool(rest & FIRST_PERSON)
    if final:
        return channel and (voice or bool(opening & SUBSCRIBE_VERBS))
    if len(words) <= 8 and (channel or rest & PROMO_OBJECTS):
        return True
    if len(words) <= 12 and opening & {"sign up", "subscribe", "log in", "register"}:
        return True
    return channel and voice


@cache
def _leads() -> dict[str, tuple[str, ...]]:
    """Related-link openings by their first two characters."""
    starts: dict[str, tuple[str, ...]] = {}
    for lead in RELATED_LEADS:
        starts[lead[:2]] = (*starts.get(lead[:2], ()), lead)
    return starts


def has_related_lead(line: str) -> bool:
    """Whether a line opens as a related link does: "Read also: …", "RELATED …"."""
    candidates = _leads().get(line[:2].lower())
    if not candidates:
        return False
    head = line[:60].lower().replace("’", "'")
    for lead in candidates:
        if head.startswith(lead):
            after = line[len(lead) :].lstrip()
            if not after or after[0] in ":|>»–—：→":
                return True
            if line[: len(lead)].isupper() and len(lead) > 5:
                return True
    return False


def rights_start(line: str) -> int:
    """Where a copyright notice at the end of a line begins; -1 where there is none."""
    if line[:1] in "©™(c[C" and _COPYRIGHT.match(line):
        return 0
    base = max(0, len(line) - CLIP)
    low = line[base:].lower()
    at = max(low.find(phrase) for phrase in RIGHTS_RESERVED)
    if at < 0:
        return -1
    found = [m.start() for m in _COPYRIGHT.finditer(low, max(0, at - 160), at)]
    return base + (found[0] if found else at)


def is_sign_off(line: str) -> bool:
    """A closing credit: who reported, wrote, edited, contributed."""
    if _SIGN_OFF.match(line):
        return True
    return "contributed" in line and bool(_CONTRIBUTED.search(line[-CLIP:]))


def is_form(line: str) -> bool:
    """A line about the reader's own e-mail address, inbox or subscription."""
    if not any(part in line for part in ("mail", "Mail", "nbox", "n-box", "nsubscri", "correo")):
        return False
    return bool(_FORM.search(line[:CLIP])) and not QUOTES.search(line)


def is_tweet_signature(line: str) -> bool:
    """A line that names an account: "— Jane Doe (@janedoe) May 1"."""
    return ("@" in line or "pic." in line) and bool(_HANDLE.search(line[:200]))


def is_pointer(line: str) -> bool:
    """A line that announces what stands below it: "For more, see below:"."""
    return line[-1] in ":：" and bool(_BELOW.search(line))


def opens_or_points_like_a_caption(line: str) -> bool:
    """Whether a line opens as captions do ("FILE - In this photo") or says who stands where
    ("Doe, left, and Roe").
    """
    if line[:1] in "FITAD" and _CAPTION_OPENING.match(line):
        return True
    return bool(_SIDES.search(line[:CLIP])) and not QUOTES.search(line)


def is_heading_question(line: str) -> bool:
    """A heading in the form of a question: "Storms: What comes next?", "What Comes Next?"."""
    if not line.endswith("?") or len(line) > 200:
        return False
    if _KICKER_QUESTION.fullmatch(line):
        return True
    long_words = [word for word in WORD.findall(line) if len(word) > 3]
    return len(long_words) >= 3 and not any(word[0].islower() for word in long_words)


def has_spoken_words(line: str) -> bool:
    """Whether a line reports speech: a quotation, a comma, and who says so."""
    return bool(_SPOKEN.search(line[:CLIP]))


def credit_start(line: str) -> int:
    """Where a photo credit at the end of a line begins; -1 where there is none."""
    base = max(0, len(line) - _CREDIT_CLIP)
    tail = _GALLERY_END.sub("", line[base:].rstrip())
    at = _labelled_credit(tail)
    if at < 0 and tail and tail[-1] not in FINAL and _has_any(tail, _MARK_PARTS):
        # No label: the words after the last sentence are names beside a slash, "Photo" or "via".
        starts = [m.end() for m in SENTENCE_BREAK.finditer(tail) if len(tail) - m.end() > 2]
        last = starts[-1] if starts else 0
        whole_line_seen = last > 0 or base == 0
        if whole_line_seen and len(tail) - last <= _CREDIT_LENGTH and _is_credit(tail[last:]):
            at = last
    return base + at if at >= 0 else -1


def _has_any(text: str, parts: tuple[str, ...]) -> bool:
    for part in parts:  # noqa: SIM110 - a generator costs more than what it looks for
        if part in text:
            return True
    return False


def _labelled_credit(tail: str) -> int:
    """Where a credit in parentheses, or one that says "Photo:" or "Credit", begins in a tail."""
    if tail.endswith((")", ").")):
        inside = _PARENTHESIS.search(tail)
        if inside and _is_credit(inside[1]):
            return inside.start()
    if not _has_any(tail, _LABEL_PARTS):
        return -1
    if (glued := _GLUED_CREDIT.search(tail)) and _is_named(tail[glued.end() :]):
        return glued.start() + 1
    for label in _CREDIT_LABEL.finditer(tail):
        if len(tail) - label.end() <= _CREDIT_LENGTH and _is_named(tail[label.end() :]):
            return label.start()
    return -1


def _is_credit(text: str) -> bool:
    return bool(_CREDIT_MARK.search(text) or _SLASHED.search(text)) and _is_named(text)


def _is_named(text: str) -> bool:
    """Whether a text is made of names: most of its words begin with a capital or have no case."""
    words = [word for word in WORD.findall(text) if len(word) > 1 and not word.isdigit()]
    if not words or len(words) > 14:
        return False
    return sum(not word[0].islower() for word in words) >= 0.6 * len(words)
