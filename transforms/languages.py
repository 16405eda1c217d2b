"""Language tags as pages declare them, brought to one form: the primary subtag of BCP 47."""

from __future__ import annotations

import re

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
