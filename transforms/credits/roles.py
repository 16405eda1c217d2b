"""What stands in bylines beside names: roles, organisations, codes, and words that name nobody."""

from __future__ import annotations

import re

_ROLE_NOUNS = frozenset(
    """
    reporter reporters editor editors writer writers correspondent correspondents journalist journalists
    columnist producer photographer contributor contributors author authors analyst critic anchor host
    intern staff freelance freelancer reporters' team member director videographer blogger editor-at-large commentator
    meteorologist publisher admin administrator
    redakteur redakteurin redaktor redaktorin korrespondent korrespondentin reporterin journalistin
    autor autorin volontär volontärin chefredakteur chefredakteurin
    journaliste correspondant correspondante rédacteur rédactrice envoyé envoyée grand
    periodista corresponsal redactor redactora reportero reportera enviado enviada editora colaborador
    jornalista correspondente repórter redatora giornalista corrispondente inviato inviata redattore
    記者 记者 编辑 編集 기자 корреспондент журналист
    """.split()  # noqa: SIM905 - a table in the shape of text
)
ROLE_MODIFIERS = frozenset(
    """
    senior junior staff chief editorial lead national international foreign political politics business sports
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
NOBODY = frozenset(
    """
    admin administrator staff editor editorial newsroom author unknown anonymous none null undefined
    reports today yesterday n/a guest webmaster default user
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
_MISSPELT = frozenset({"Ap", "Afp", "Cnn", "Upi"})  # codes as title-casing sites print them
SINGLE_NAMES = frozenset(
    "reuters bloomberg xinhua tass kyodo jiji efe ansa belga lusa anadolu bernama antara ritzau interfax".split()  # noqa: SIM905
)


def is_code(text: str) -> bool:
    """Whether a word is capitals only and short, as codes of agencies and stations are."""
    return 2 <= len(text) <= 6 and text.isalpha() and text.isupper()


def is_organisation(name: str) -> bool:
    """Whether a name holds a word that only organisations have ("Press", "Desk", "Ltd")."""
    return bool(_ORGANISATION.search(name))


def without_role(words: list[str]) -> list[str]:
    """Words without a role before or after the name; an organisation beside its role stays."""
    low = [word.casefold().strip(".,'’") for word in words]
    if low[-1] in _ROLE_NOUNS:
        return _before_role(words, low)
    start = 0
    while start < len(words) and (
        low[start] in _ROLE_NOUNS or (words[start].islower() and low[start] in ROLE_MODIFIERS)
    ):
        start += 1
    if start == 0:
        while start < len(words) and low[start] in ROLE_MODIFIERS:
            start += 1
        if not (start < len(words) and low[start] in _ROLE_NOUNS):
            return words
        start += 1
    return words[start:]


def _before_role(words: list[str], low: list[str]) -> list[str]:
    end = len(words)
    while end and (low[end - 1] in _ROLE_NOUNS or low[end - 1] in ROLE_MODIFIERS):
        end -= 1
    rest = words[:end]
    if not rest:
        return []
    if rest[0] in _MISSPELT:
        return [rest[0].upper()]
    if len(rest) > 1:
        return rest[:1] if is_code(rest[0]) and not rest[1].isupper() else rest  # "AP Auto Writer"
    one = rest[0]
    named = is_code(one) or is_organisation(one) or one.casefold() in SINGLE_NAMES
    return rest if named or "press" in low or "news" in low else []
