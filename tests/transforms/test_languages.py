"""The language of an article: declared, detected, and which of the two is believed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.languages import best_language, detect_language

TEXTS = {
    "en": "The town council voted on Tuesday to approve the new harbour plan after a debate of six hours.",
    "de": "Der Stadtrat hat am Dienstag nach sechs Stunden Debatte den neuen Hafenplan beschlossen.",
    "fr": "Le conseil municipal a approuvé mardi le nouveau plan du port après six heures de débat.",
    "es": "El ayuntamiento aprobó el martes el nuevo plan del puerto tras seis horas de debate.",
    "it": "Il consiglio comunale ha approvato martedì il nuovo piano del porto dopo sei ore di dibattito.",
    "pt": "A câmara municipal aprovou na terça-feira o novo plano do porto após seis horas de debate.",
    "nl": "De gemeenteraad heeft dinsdag na zes uur debat het nieuwe havenplan goedgekeurd.",
    "pl": "Rada miejska zatwierdziła we wtorek nowy plan portu po sześciu godzinach debaty.",
    "ru": "Городской совет во вторник одобрил новый план порта после шести часов споров.",
    "ja": "市議会は火曜日、六時間の討論の末に新しい港の計画を承認した。漁師たちはより深い港を求めていた。",
    "ko": "시의회는 화요일 여섯 시간의 토론 끝에 새 항구 계획을 승인했다. 어민들은 더 깊은 항구를 요구했다.",
    "ar": "وافق مجلس المدينة يوم الثلاثاء على خطة الميناء الجديدة بعد نقاش استمر ست ساعات",
}


@pytest.mark.parametrize("code", TEXTS)
def test_a_sentence_shows_its_language(code: str) -> None:
    """One sentence is enough, in every script."""
    assert detect_language(TEXTS[code])[0] == code


@pytest.mark.parametrize("text", ["", "Reuters", "1 2 3 4 5 " * 40, "Palm Bay d. Rockledge 70-44"])
def test_what_is_too_little_is_not_guessed(text: str) -> None:
    """Names, numbers and scores are of no language."""
    assert detect_language(text) == (None, 0.0)


@given(st.text(max_size=1_500))
def test_any_text_has_a_language_or_none(text: str) -> None:
    """A code of two letters with a score, or nothing; never an error."""
    code, score = detect_language(text)
    assert code is None or (len(code) == 2 and 0.6 <= score <= 1)


@pytest.mark.parametrize(
    ("given_code", "stated", "detected", "score", "best"),
    [
        ("fr", "en", "de", 0.99, "fr"),
        (None, "en", "de", 0.99, "de"),
        (None, "en", "de", 0.7, "en"),
        (None, "nb", "no", 0.99, "nb"),
        (None, "id", "ms", 0.95, "id"),
        (None, "en", None, 0.0, "en"),
        (None, None, "de", 0.7, "de"),
        (None, None, None, 0.0, None),
    ],
)
def test_the_input_is_believed_then_a_clear_text_then_the_page(
    given_code: str | None, stated: str | None, detected: str | None, score: float, best: str | None
) -> None:
    """A template's language gives way to a text that is clearly another's, but for near ones."""
    assert best_language(given_code, stated, detected, score) == best
