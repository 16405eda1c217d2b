"""Stamps and counters are told from sentences, and make no version."""

from __future__ import annotations

import pytest

from transforms.lines.volatile import is_volatile, settled
from transforms.versions import text_digest

TEXT = (
    "The town council voted on Tuesday to approve the new harbour plan after a long debate.\n"
    "Fishermen had asked for a deeper basin, while residents feared the noise of the cranes."
)


@pytest.mark.parametrize(
    "line",
    [
        "Updated 3 min ago", "Updated 3 minutes ago", "Last updated: 14:05", "Updated 1 May 2024, 14:05 BST",
        "1,204 views", "12 comments", "3.4K shares", "Shares 34", "56 people like this", "5 min read",
        "vor 3 Stunden", "Aktualisiert am 1. Mai 2024 um 14:05 Uhr", "12 Kommentare", "il y a 2 heures",
        "Mis à jour le 1 mai 2024 à 14h05", "34 commentaires", "hace 2 horas", "120 visitas", "just now",
        "This article has been read 1,204 times", "Yesterday", "May 1, 2024",
    ],
)  # fmt: skip
def test_lines_of_numbers_and_dates_are_volatile(line: str) -> None:
    """In the languages of the press."""
    assert is_volatile(line)
    assert settled(line) == ""


@pytest.mark.parametrize(
    "line",
    [
        "The vote was 12 to 3.", "12 people died", "Comments", "Shares fell 34 percent", "", "2024",
        "He had 34 comments on the plan.", "Readers reacted with anger", "Updated building rules pass",
    ],
)  # fmt: skip
def test_sentences_are_not(line: str) -> None:
    """A word that is neither counted nor of dates makes a line text."""
    assert not is_volatile(line)
    assert settled(line) == line


@pytest.mark.parametrize(
    "stamp",
    [
        "Updated 3 minutes ago", "Updated 4 hours ago", "Last updated 14:05 BST", "Posted 11:45 AM ET |",
        "Aktualisiert vor 3 Minuten", "Updated: an hour ago —",
    ],
)  # fmt: skip
def test_a_stamp_before_a_sentence_goes(stamp: str) -> None:
    """Where a site glues it to the first paragraph."""
    assert settled(f"{stamp} The mayor said so.") == "The mayor said so."


@pytest.mark.parametrize(
    "other",
    [
        f"Updated 3 min ago\n{TEXT}",
        f"Updated 9 min ago\n{TEXT}",
        f"Updated 5 minutes ago {TEXT}",
        f"{TEXT}\n1,204 views",
        f"{TEXT}\n12 comments\n34 shares",
        f"{TEXT}\nRead more: Harbour master resigns over cranes",
        f"{TEXT}\nSign up for our newsletter",
        f"Cranes in the old harbour. Photo: Ada Example / Demo Post\n{TEXT}",
        TEXT.replace("harbour plan", "harbour  plan"),
    ],
)
def test_what_stands_around_the_text_is_no_version(other: str) -> None:
    """Stamps, counters, related links, promotions and captions come and go."""
    assert text_digest(other) == text_digest(TEXT)


def test_typography_is_no_version() -> None:
    """Curly and straight quotation marks, long and short dashes are the same."""
    plain = TEXT.replace("a deeper basin", 'a "deeper" basin - the town\'s')
    curly = TEXT.replace("a deeper basin", "a “deeper” basin – the town’s")
    assert text_digest(plain) == text_digest(curly) != text_digest(TEXT)


@pytest.mark.parametrize(
    "other",
    [
        TEXT.replace("Tuesday", "Wednesday"),
        TEXT.replace("noise", "sight"),
        TEXT.replace("a long debate", "6 hours"),
        f"{TEXT}\nThe mayor left before the vote and gave no reason for it to reporters.",
        TEXT.split("\n", maxsplit=1)[0],
    ],
)
def test_a_change_of_words_is_a_version(other: str) -> None:
    """One word is enough, and so is a paragraph more or less."""
    assert text_digest(other) != text_digest(TEXT)


def test_a_body_without_prose_counts_whole() -> None:
    """A text of captions alone still has versions."""
    assert text_digest("12 comments") != text_digest("13 comments")
