"""Names out of bylines: "By JANE DOE, Associated Press" is Jane Doe and Associated Press.

Roles, places, addresses and handles go; people and organisations stay, in the order printed. Names
keep their case, except people's names in capitals.
"""

from __future__ import annotations

import re

from transforms.records import Author

_CLIP = 1_000  # characters of a byline that are read; longer ones are not bylines
_MOST_NAMES = 40
_ADDRESS = re.compile(r"\S{1,80}@\S{1,80}\.\w{2,12}|https?://\S+|www\.\S+|(?<!\w)@\w{2,40}")
_TAGS = re.compile(r"<[^<>]{0,200}>|&(?:nbsp|amp|#\d{1,5});")
_PROFILE = re.compile(
    r"^\s*(?:view|see|read|show)?\s*(?:all |more )?(?:posts|articles|stories|content)?\s*(?:by|from)\s+|"
    r"\b(?:view|see|read) (?:all |more )?(?:posts|articles|stories|profile|bio)\b(?: (?:by|from))?|\bfollow(?:ing)?\b"
    r"|\bshow bio\b",
    re.IGNORECASE,
)
_OPENING = re.compile(
    r"^(?:(?:(?:written|reported|posted|published|story|text|words|reporting|analysis|review|edited|compiled|opinion)"
    r"\s+)?by|von|vom|par|por|di|da|door|av|af|przez|from|text|texte|texto|testo|autor(?:in|es)?|auteurs?|autore"
    r"|authors?|written|автор|文|記者|记者|作者|글)\s*[:/：]?\s+|^(?:文|記者|记者|作者|撰文)\s*[:/／：]\s*",
    re.IGNORECASE,
)
_STAMP = re.compile(
    r"\b(?:(?:last )?updated|published|posted|first published|aktualisiert|veröffentlicht|publié|mis à jour|publicado"
    r"|actualizado|atualizado|pubblicato|aggiornato)\b.*$|\b\d{1,2}:\d{2}\b.*$|\b\d{1,2}[./]\d{1,2}[./]\d{2,4}\b.*$"
    r"|\b(?:jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)[a-z]*\.? \d{1,2},? \d{4}.*$",
    re.IGNORECASE,
)
_DATE = re.compile(
    r"\b(?:jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)[a-z]{0,6}\.? \d{1,2},? \d{4}(?:,? (?:at )?\d{1,2}:\d{2}"
    r"(?: ?[ap]\.?m\b\.?)?(?: [A-Z]{2,4}\b)?)?|\b\d{1,2}[./]\d{1,2}[./]\d{2,4}\b",
    re.IGNORECASE,
)
_JOINT = re.compile(
    r"(?P<hard>\s*[;|•·\n\t]\s*|\s*、\s*|\s*／\s*)|(?P<comma>\s*[,，]\s+(?:(?:and|und|et|y|e|en|och|og)\s+)?)"
    r"|(?P<slash>\s*/\s*|\s+[–—-]\s+)|(?P<amp>\s+&\s+)"
    r"|(?P<also>\s+(?:with|avec|mit|con|com|met|med)\s+(?:l'|l’|la |le |the |der |die |den )?)"
    r"|(?P<of>\s+for\s+(?=(?-i:[A-Z]))|\s+(?:of|from) the\s+|\s+of\s+(?=(?-i:[A-Z]{2,})\b))"
    r"|(?P<and>\s+(?:and|und|et|y|e|en|och|og|i|и)\s+)",
    re.IGNORECASE,
)
_PLACE = re.compile(
    r"\s+(?:in|à|en|a|aus|reporting from|at)\s+(?:the\s+)?[A-ZÀ-Þ][\w.'’-]*(?:[ ,]+[A-ZÀ-Þ][\w.'’-]*){0,3}$"
)
_NOTE = re.compile(r"\(([^()]{1,60})\)")
_SUFFIX = re.compile(r"(?:jr|sr|ii|iii|iv)\.?$", re.IGNORECASE)
_DEGREE = re.compile(
    r"(?:ph\.?d|m\.?d|m\.?p\.?h|m\.?a|m\.?sc|b\.?a|b\.?sc|r\.?n|esq|d\.?phil|mba|jd|dds|dvm)\.?$",
    re.IGNORECASE,
)
_ROLE_NOUNS = frozenset(
    """
    reporter reporters editor editors writer writers correspondent correspondents journalist journalists
    columnist producer photographer contributor contributors author authors analyst critic anchor host
    intern staff freelance freelancer reporters' team member director videographer blogger commentator
    meteorologist publisher admin administrator
    redakteur redakteurin redaktor redaktorin korrespondent korrespondentin reporterin journalistin
    autor autorin volontär volontärin chefredakteur chefredakteurin
    journaliste correspondant correspondante rédacteur rédactrice envoyé envoyée grand
    periodista corresponsal redactor redactora reportero reportera enviado enviada editora colaborador
    jornalista correspondente repórter redatora giornalista corrispondente inviato inviata redattore
    記者 记者 编辑 編集 기자 корреспондент журналист
    """.split()  # noqa: SIM905 - a table in the shape of text
)
_ROLE_MODIFIERS = frozenset(
    """
    senior junior staff chief lead national international foreign political politics business sports
    sport science health medical technology tech education entertainment environment environmental
    economics economic economy crime court courts legal local metro city state statehouse news
    features feature investigative white house washington diplomatic defense defence security energy
    climate religion culture arts food travel money personal finance consumer affairs transport
    home social media digital data video photo managing executive deputy associate assistant
    contributing special guest general assignment world global europe european asia africa royal
    education north america latin middle east uk us u.s. freelance breaking enterprise opinion
    spécial permanent our own el la le der die das für de des du of and at the in & politik wirtschaft
    """.split()  # noqa: SIM905
)
_NOBODY = frozenset(
    """
    admin administrator staff editor editorial newsroom author unknown anonymous none null undefined
    n/a guest webmaster default user
    monday tuesday wednesday thursday friday saturday sunday montag dienstag mittwoch donnerstag freitag
    samstag sonntag lundi mardi mercredi jeudi vendredi samedi dimanche lunes martes miércoles jueves
    viernes sábado domingo
    """.split()  # noqa: SIM905
)
_ORGANISATION = re.compile(
    r"\b(?:press|news|newspapers?|agency|agencies|agence|agentur|agencia|agência|agenzia|media|times|post|herald"
    r"|tribune|journal|gazette|chronicle|guardian|telegraph|magazine|network|radio|television|tv|wire|newswire"
    r"|services?|bureau|desk|newsroom|team|staff|board|group|corporation|corp|inc|ltd|llc|gmbh|university|institute"
    r"|foundation|association|department|ministry|office|organi[sz]ation|company|society|centre|center|council"
    r"|committee|union|party|sons|partners|redaktion|redaction|rédaction|redacción|redação|redazione|reuters|xinhua"
    r"|zeitung|le monde|le figaro)\b",
    re.IGNORECASE,
)
_PARTICLES = frozenset(
    [
        "van",
        "von",
        "der",
        "den",
        "de",
        "del",
        "della",
        "di",
        "da",
        "du",
        "la",
        "le",
        "dos",
        "das",
        "el",
        "bin",
        "ibn",
        "ten",
        "ter",
        "zu",
    ]
)
_SINGLE_NAMES = frozenset(
    "reuters bloomberg xinhua tass kyodo jiji efe ansa belga lusa anadolu bernama antara ritzau interfax".split()  # noqa: SIM905
)


def parse_byline(raw: str) -> tuple[Author, ...]:
    """The people and organisations a byline names, each once, in the order printed.

    Args:
        raw: the byline as printed or declared; `Author.raw` repeats it.

    Returns:
        Nothing for a byline of roles, addresses or dates alone.
    """
    names: list[str] = []
    seen: set[str] = set()
    for name, _ in split_byline(raw):
        if name.casefold() not in seen and len(names) < _MOST_NAMES:
            seen.add(name.casefold())
            names.append(name)
    return tuple(Author(name, raw) for name in names)


def split_byline(raw: str) -> list[tuple[str, str]]:
    """The names of a byline, each with the joint before it: "", "hard", "comma", "slash", "amp",
    "also" (with), "of", "and" or "note" (in parentheses).
    """
    text = _TAGS.sub(" ", raw[:_CLIP]).replace("\u00a0", " ").replace("\u200b", "").strip()
    text = _DATE.sub(" | ", _ADDRESS.sub(" ", text))
    text = re.sub(r"[ \r\f\v]+", " ", text).strip(" ,;|/•·-–—")
    text = _PROFILE.sub("", text).strip()
    for _ in range(2):
        text = _OPENING.sub("", text).strip()
    pieces = _split(text)
    names: list[tuple[str, str]] = []
    for joint, piece in pieces:
        text = _STAMP.sub("", piece).strip(" .,:;|/•·-–—\"'“”*") + (
            "." if _keeps_dot(piece) else ""
        )
        if names and _SUFFIX.fullmatch(text):
            names[-1] = (f"{names[-1][0]} {text}", names[-1][1])
            continue
        notes = [note for note in _NOTE.findall(text) if note.strip()]
        name = _clean_name(_NOTE.sub(" ", text))
        if name:
            names.append((name, joint))
        names.extend((note, "note") for note in map(_clean_name, notes) if note)
    if len(names) == 2 and names[1][1] == "comma" and not any(" " in name for name, _ in names):
        return _turn_round(names)
    return names


def _keeps_dot(piece: str) -> bool:
    return bool(re.search(r"\b(?:Jr|Sr|Inc|Co|Corp|Ltd)\.$", piece.strip()))


def _turn_round(names: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Turn "Doe, Jane" into one person; "Reuters, AFP" and "Doe, AFP" are two."""
    (last, joint), (first, _) = names
    known = {last.casefold(), first.casefold()} & _SINGLE_NAMES
    if known or first.isupper() or last.isupper() or _ORGANISATION.search(f"{last} {first}"):
        return names
    return [(f"{first} {last}", joint)]


def _split(text: str) -> list[tuple[str, str]]:
    """Cut a byline at its joints, leaving "X & Y" and "Health and Human Services" whole."""
    pieces: list[tuple[str, str]] = []
    joint = ""
    start = 0
    for found in _JOINT.finditer(text):
        left = text[start : found.start()]
        kind = found.lastgroup or ""
        if kind in {"amp", "and"} and not _splits(left, text[found.end() :], kind):
            continue
        pieces.append((joint, left))
        joint, start = kind, found.end()
    pieces.append((joint, text[start:]))
    return pieces


def _splits(left: str, after: str, kind: str) -> bool:
    right = _JOINT.split(after, maxsplit=1)[0]
    left_words, right_words = left.split(), right.split()
    if not left_words or not right_words:
        return False
    if re.search(r"\b(?:of|for|de|du|des|für)\b", left) and not _ORGANISATION.search(left):
        return kind == "and" and len(right_words) >= 2 and not _ORGANISATION.search(right)
    if _is_code(right) or _is_code(left_words[-1]):
        return True
    if right_words[0].casefold() in _SINGLE_NAMES or left_words[-1].casefold() in _SINGLE_NAMES:
        return True
    if kind == "amp":
        return (
            len(left_words) >= 2
            and len(right_words) >= 2
            and not re.search(
                r"\b(?:co|company|sons|inc|ltd|partners|associates)\b", right, re.IGNORECASE
            )
        )
    if len(left_words) == 1 and _ORGANISATION.search(right):
        return False
    return left.casefold().strip() != right.casefold().strip()


def _is_code(text: str) -> bool:
    return 2 <= len(text) <= 6 and text.isalpha() and text.isupper()


def _clean_name(text: str) -> str:
    """A piece of a byline as a name; empty where it is a role, a place of work or nothing."""
    text = " ".join(text.split()).strip(' .,:;|/•·-–—"“”*')
    text = _OPENING.sub("", text)
    text = _PLACE.sub("", text)
    words = text.split()
    if not words or len(words) > 10 or text.casefold() in _NOBODY or _DEGREE.fullmatch(text):
        return ""
    if not any(char.isalpha() for char in text) or sum(char.isdigit() for char in text) > 3:
        return ""
    words = _without_role(words)
    if not words or all(word.casefold() in _ROLE_MODIFIERS for word in words):
        return ""
    return " ".join(_in_case(words))


def _without_role(words: list[str]) -> list[str]:
    """Words without a role before or after the name; an organisation beside its role stays."""
    low = [word.casefold().strip(".,'’") for word in words]
    if low[-1] in _ROLE_NOUNS and not (
        len(words) == 2 and words[0][0].isupper() and low[-1] == "grand"
    ):
        end = len(words)
        while end and (low[end - 1] in _ROLE_NOUNS or low[end - 1] in _ROLE_MODIFIERS):
            end -= 1
        rest = words[:end]
        if len(rest) > 1 and _is_code(rest[0]) and not _is_code(rest[1]):
            return rest[:1]  # "AP Auto Writer"
        joined = " ".join(rest)
        if rest and (
            _is_code(rest[-1]) or _ORGANISATION.search(joined) or joined.casefold() in _SINGLE_NAMES
        ):
            return rest
        if "press" in low or ("news" in low and end):
            return rest
        return rest if len(rest) >= 2 else []
    start = 0
    while start < len(words) and (
        low[start] in _ROLE_NOUNS or (words[start].islower() and low[start] in _ROLE_MODIFIERS)
    ):
        start += 1
    if start == 0:
        while start < len(words) and low[start] in _ROLE_MODIFIERS:
            start += 1
        if not (start < len(words) and low[start] in _ROLE_NOUNS):
            return words
        start += 1
    return words[start:]


def _in_case(words: list[str]) -> list[str]:
    letters = [word for word in words if sum(char.isalpha() for char in word) > 1]
    if (
        len(letters) >= 2
        and all(word.isupper() for word in letters)
        and any(map(_has_vowel, letters))
    ):
        return [_capitalise(word, first=n == 0) for n, word in enumerate(words)]
    if len(words) >= 2 and not _ORGANISATION.search(" ".join(words)):
        # "Jane DOE", as French desks write; a code beside a name stays.
        mixed = any(word[0].isupper() and not word.isupper() for word in words)
        if (
            mixed
            and len(words[-1]) >= 4
            and words[-1].isupper()
            and _has_vowel(words[-1])
            and not words[0].isupper()
        ):
            return [
                _capitalise(word, first=False) if word.isupper() and len(word) > 2 else word
                for word in words
            ]
    return words


def is_organisation(name: str) -> bool:
    """Whether a name holds a word that only organisations have ("Press", "Desk", "Ltd")."""
    return bool(_ORGANISATION.search(name))


def _has_vowel(word: str) -> bool:
    return any(char in "AEIOUYÀÁÂÃÄÅÆÈÉÊËÌÍÎÏÒÓÔÕÖØÙÚÛÜÝŒАЕЁИОУЫЭЮЯ" for char in word.upper())


def _capitalise(word: str, *, first: bool) -> str:
    """Write "O'NEIL-MCKAY" as "O'Neil-McKay"; initials and codes without a vowel stay."""
    low = word.lower()
    if low in _PARTICLES and not first:
        return low
    if "." in word.rstrip(".") or not word.isupper():
        return word
    letters = sum(char.isalpha() for char in word)
    if letters <= 3 and (not _has_vowel(word) or (letters == 2 and word.endswith("J"))):
        return word
    parts = re.split(r"([-'’])", low)
    joined = "".join(
        part if n and parts[n - 1] in "'’" and len(part) == 1 else part.capitalize()
        for n, part in enumerate(parts)
    )
    return re.sub(r"\bMc([a-zà-ÿ])", lambda found: "Mc" + found[1].upper(), joined)
