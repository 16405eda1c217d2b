"""What changes on a page although its text does not: stamps, counters, reading times.

Told by their words, all of which are numbers, words of dates, or words for what sites count: a
sentence always has another word. They make no version of an article.
"""

from __future__ import annotations

import re

from transforms.lines.words import DATE_WORDS, MONTHS

_MAX_TOKENS = 16
_MAX_LINE = 120
_TOKEN = re.compile(r"\d+(?:[.,:]\d+)*[km]?\b|[^\W\d_]+", re.IGNORECASE)
_COUNTED = frozenset(
    """
    view views read reads reader readers comment comments reply replies share shares shared like likes
    reaction reactions vote votes retweet retweets repost reposts click clicks visit visits visitor
    visitors watching plays listen listens follower followers people times word words
    aufruf aufrufe kommentar kommentare leser mal geteilt gelesen vue vues lecture lectures commentaire
    commentaires partage partages lu visita visitas vista vistas lecturas comentario comentarios
    compartido visualização visualizações comentário comentários compartilhamentos visualizzazioni
    commento commenti condivisioni letture reacties reactie gedeeld komentarz komentarzy
    просмотр просмотров просмотры комментарий комментариев
    """.split()  # noqa: SIM905 - words read better as words than as quoted strings
)
_RELATIVE = frozenset(
    """
    ago second seconds sec secs minute minutes min mins hour hours hr hrs day days week weeks month
    months just now yesterday today
    vor sekunde sekunden minuten stunde stunden tag tage tagen gestern heute il y a heure heures jour
    jours hier aujourd hui hace minuto minutos hora horas día días ayer hoy há ontem hoje fa minuti ora
    ore ieri oggi geleden minuut minuten uur dagen gisteren vandaag
    """.split()  # noqa: SIM905 - as above
)
_GLUE = frozenset("so far this article has been is in for by and to с и".split())  # noqa: SIM905 - as above
_STAMP = re.compile(
    r"(?:last |zuletzt |first )?(?:updated?|modified|edited|posted|published|aktualisiert|geändert|mis à jour|modifiée?"
    r"|actualizado|atualizado|aggiornato|bijgewerkt|обновлено)\b[\s:–—-]*",
    re.IGNORECASE,
)
_RELATIVE_STAMP = re.compile(
    r"(?:\d{1,3}|an?|one)\s*(?:seconds?|secs?|s|minutes?|mins?|m|hours?|hrs?|h|days?|d)\.?\s+ago\b[\s.,|·–—-]*"
    r"|(?:vor|il y a|hace|há)\s+(?:\d{1,3}|einer?|une?|una?)\s+[^\W\d_]+[\s.,|·–—-]*"
    r"|(?:at\s+)?\d{1,2}[:.h]\d{2}(?:\s*[ap]\.?m\.?)?(?:\s+[A-Z]{2,4}\b)?[\s.,|·–—-]*",
    re.IGNORECASE,
)
_QUOTES = str.maketrans("‘’‚‛“”„‟–—\u00a0\u202f", "''''\"\"\"\"--  ")


def is_volatile(line: str) -> bool:
    """Whether a line is a stamp or a counter and nothing else: "Updated 3 min ago", "1,204 views"."""
    tokens = [token.lower() for token in _TOKEN.findall(line)]
    if not tokens or len(tokens) > _MAX_TOKENS:
        return False
    words = [token for token in tokens if not token[0].isdigit()]
    has_number = len(words) < len(tokens)
    known = all(
        word in _COUNTED
        or word in _RELATIVE
        or word in _GLUE
        or word in DATE_WORDS
        or word in MONTHS
        or word in {"updated", "update"}
        for word in words
    )
    telling = any(w in _COUNTED or w in _RELATIVE or w in MONTHS or w in DATE_WORDS for w in words)
    return known and telling and (has_number or not _COUNTED.intersection(words))


def settled(line: str) -> str:
    """A line without what changes by itself, in one typography; empty where nothing else is in it."""
    text = " ".join((line if line.isascii() else line.translate(_QUOTES)).split())
    if len(text) <= _MAX_LINE and is_volatile(text):
        return ""
    stamp = _STAMP.match(text)
    if stamp is not None:
        clock = _RELATIVE_STAMP.match(text, stamp.end())
        if clock is not None:
            return text[clock.end() :]
    return text
