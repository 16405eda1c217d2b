"""Plain texts: headline, date line, byline, readable body, and the prose in it."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from transforms.plaintext import (
    PlainText,
    body_spans,
    normalise,
    prose_spans,
    read_date_line,
    read_plain_text,
)

FIRST = "The harbour board voted on Thursday to build a second pier, its chairman said."
SECOND = "Residents of the old town had asked for a smaller building, and some of them protested."
THIRD = "Work is to begin in the spring and to last two years, according to the plans."


def article(*lines: str, headline: str = "Second pier for the harbour") -> str:
    """A text of a headline and paragraphs, with blank lines between."""
    return "\n\n".join((headline, *lines))


def prose_of(read: PlainText) -> list[str]:
    """The texts of the prose spans."""
    return [read.body[start:end] for start, end in read.prose]


def with_line(line: str) -> PlainText:
    """An article in which one line stands between ordinary paragraphs."""
    return read_plain_text(article(FIRST, SECOND, line, THIRD))


def test_plain_article() -> None:
    """Headline, body with a paragraph a line, and every paragraph prose."""
    read = read_plain_text(article(FIRST, SECOND, THIRD))
    assert read == PlainText(
        "Second pier for the harbour",
        f"{FIRST}\n{SECOND}\n{THIRD}",
        (
            (0, len(FIRST)),
            (len(FIRST) + 1, len(FIRST) + 1 + len(SECOND)),
            (len(FIRST) + len(SECOND) + 2, len(f"{FIRST}\n{SECOND}\n{THIRD}")),
        ),
        None,
        None,
    )


@pytest.mark.parametrize(
    "line",
    [
        "Rate this item",
        "(3 votes)",
        "12 Kommentare",
        "Comments (14)",
        "2:02",
        "0:12 / 3:45",
        "3 min read",
        "Lesezeit: 4 Minuten",
        "2 hours ago",
        "vor 3 Stunden",
        "5 hours agoDuration 1:40The board votes on a second pier for the harbour.",
        "Share",
        "Facebook Twitter WhatsApp Email",
        "FacebookTwitterEmail",
        "ADVERTISEMENT",
        "* * *",
        "———",
        "Read more: What the pier will cost",
        "RELATED: What the pier will cost",
        "Lesen Sie auch: Was die Mole kostet",
        "À lire aussi : Ce que coûtera la jetée",
        "Lea también: Cuánto costará el muelle",
        "Leia também: Quanto vai custar o cais",
        "Leggi anche: Quanto costerà il molo",
        "相关阅读:码头要花多少钱",
        "Sign up for our newsletter",
        "Subscribe to our daily newsletter.",
        "Follow us on Facebook and Instagram",
        "Sign up for the Courier's Friday letter",
        "Folgen Sie uns auf WhatsApp",
        "Suivez-nous sur Facebook",
        "Síguenos en Twitter",
        "Get more newsLiveon",
        "Download our app here",
        "Please enable JavaScript to view this site in your browser.",
        "IE 11 is not supported. For an optimal experience visit our site on another browser.",
        "• What the new pier will cost and who is to pay for it",
        "  ▪ Gallery: the harbour in the storm of last winter",
    ],
)
def test_furniture_is_not_in_the_body(line: str) -> None:
    """Widgets, notices, promos, buttons and related links are dropped, and nothing else is."""
    assert with_line(line).body == f"{FIRST}\n{SECOND}\n{THIRD}"


@pytest.mark.parametrize(
    "line",
    [
        "The storm broke a part of the old pier in January. Credit: AP",
        "The old pier after the storm. (Jane Doe/Pool Photo/The Associated Press)",
        "The old pier after the storm.Jane Doe / AP",
        "The old pier after the storm. Jane Doe/Courier, Harbour Pool Photo via AP",
        "The old pier after the storm. Photograph: Jane Doe/Courier",
        "Die alte Mole nach dem Sturm. Foto: Max Muster/dpa",
        "La vieille jetée après la tempête. (Photo : Jean Dupont/AFP)",
        "The old pier after the storm.CreditJane Doe for The Courier",
        "Chairman John Roe, left, shows the plan to Mayor Max Poe on Thursday.",
        "FILE - In this Jan. 5, 2020 file photo, waves break over the old pier.",
        "Photo: Jane Doe",
        "What residents say",
        "Was die Anwohner sagen",
        "Harbour-Town dispute: What comes next for the residents?",
        "What Comes Next For The Residents?",
        "© 2023 The Courier. All rights reserved.",
        "The Courier's Jane Doe contributed to this report.",
        "(Reporting by Jane Doe; Editing by John Roe)",
        "For more on the harbour, see below:",
        "All that matters on the coast. Enter your email address below.",
        "— Jane Doe (@janedoe) May 5, 2023",
    ],
)
def test_captions_and_headings_are_read_but_not_compared(line: str) -> None:
    """Captions, credits and sub-headings stay in the body for readers and are no prose."""
    read = with_line(line)
    assert line in read.body.split("\n")
    assert prose_of(read) == [FIRST, SECOND, THIRD]


@pytest.mark.parametrize(
    "line",
    [
        '"We have waited for this since the storm," the harbour master said.',
        "„Wir warten seit Stunden“, sagte eine Reisende am Bahnhof",
        "— Je ne sais pas quand je vais rentrer, dit un voyageur.",
        "But what happens to the old pier?",
        "No.  One.  Knows.",
        "Follow us to the river, he told them.",
        "Read the plan and you will see who pays, said the mayor.",
        "The company's browser will block cookies by default next year, its engineers said.",
        "The poll (Courier/Example) put the mayor ahead by six points.",
        "• The first effect is a rise in the harbour's fees, which the board wants to limit.",
        "He left, and his right hand, Max Poe, took over the committee of the harbour board.",
        "GROSS: Do you think the pier will be finished in time?",
        "The question now: Is it worth the money?",
        "He told the committee that the plan would go ahead next year whatever the residents of the old town say",
        "Watch this space, said the chairman, who has the money and the land.",
        "The app lets users share photos, and 2,000 comments came in on the first day.",
        "Der Vorsitzende sagte: „Wir bauen.“",
        "他说,工程将于春天开始。",
        "शहर में भारी बारिश से यातायात ठप हो गया।",
        "هل يستمر العمل في الميناء؟",
        "Il 3 marzo 2024 la commissione ha votato il progetto del molo.",
    ],
)
def test_prose_is_never_dropped(line: str) -> None:
    """Ordinary sentences stay prose, even those that share words with furniture."""
    assert " ".join(line.split()).removeprefix("• ").removeprefix("— ") in prose_of(with_line(line))


def test_restated_sentence_is_a_caption() -> None:
    """A sentence that an earlier, longer paragraph says too is a caption or pull quote."""
    long = "The board said on Monday that John Roe opposes the kind of guarantee sought by the town, and that he would say so in court."
    caption = "Chairman John Roe opposes the kind of guarantee sought by the town."
    read = read_plain_text(
        article(
            FIRST,
            SECOND,
            long,
            THIRD,
            caption,
            "Nothing else was decided on Monday, the clerk said.",
        )
    )
    assert caption in read.body
    assert caption not in prose_of(read)
    assert long in prose_of(read)


def test_first_paragraphs_are_spared() -> None:
    """A caption above the text that says what the first paragraph says does not cost the paragraph."""
    caption = FIRST.removesuffix(".") + " and the picture of the old pier shows it well."
    assert FIRST in prose_of(read_plain_text(article(caption, FIRST, SECOND)))


def test_long_repeated_line_is_kept_once() -> None:
    """A paragraph printed twice, as in a gallery, is in the body once."""
    assert read_plain_text(article(FIRST, SECOND, FIRST)).body == f"{FIRST}\n{SECOND}"


def test_widget_takes_its_short_lines_along() -> None:
    """The head of a widget and the labels under it are dropped together."""
    read = read_plain_text(
        article(
            FIRST,
            SECOND,
            "HOW TO LISTEN",
            "101.5 & 99.3FM",
            "Online",
            "Mobile Apps",
            "Smart Speaker",
        )
    )
    assert read.body == f"{FIRST}\n{SECOND}"


def test_bullets_under_a_colon_are_the_articles_own() -> None:
    """A list that a colon announces is read; bullets under a full paragraph are links."""
    announced = "The board decided three things:"
    read = read_plain_text(article(FIRST, announced, "• a second pier", "• a lower fee", THIRD))
    assert "• a second pier\n• a lower fee" in read.body
    linked = read_plain_text(article(FIRST, SECOND, "• Storm breaks pier", "• Fees to rise", THIRD))
    assert linked.body == f"{FIRST}\n{SECOND}\n{THIRD}"


def test_rights_at_the_end_of_a_paragraph_are_cut_from_its_prose() -> None:
    """A reservation of rights glued to a paragraph leaves the paragraph in the comparison."""
    read = with_line(f"{SECOND[:-1]} in May. Copyright 2023 The Courier. All rights reserved.")
    assert prose_of(read) == [FIRST, SECOND, f"{SECOND[:-1]} in May.", THIRD]


def test_credit_glued_to_a_long_paragraph() -> None:
    """A paragraph too long for a caption keeps its prose and loses only the credit."""
    long = " ".join(
        [
            FIRST,
            THIRD,
            SECOND,
            "Nobody else spoke.",
            FIRST.upper().capitalize(),
            "That was all for the day, as the clerk wrote in the book that lies in the hall of the board.",
        ]
    )
    read = with_line(f"{long} (Jane Doe/AP Photo)")
    assert long in prose_of(read)


@pytest.mark.parametrize(
    ("top", "headline", "date_raw", "byline"),
    [
        (("Pier voted", "December 23, 2021"), "Pier voted", "December 23, 2021", None),
        (
            ("Pier voted", "Published: 23 December 2021 10:15 GMT"),
            "Pier voted",
            "23 December 2021 10:15 GMT",
            None,
        ),
        (
            ("Pier voted", "Updated 10:49 am EDT, Saturday, June 1, 2019"),
            "Pier voted",
            "10:49 am EDT, Saturday, June 1, 2019",
            None,
        ),
        (
            ("Pier voted", "Updated: June 2, 2019", "Published: June 1, 2019"),
            "Pier voted",
            "June 1, 2019",
            None,
        ),
        (("December 23, 2021", "Pier voted"), "Pier voted", "December 23, 2021", None),
        (
            ("Mole beschlossen", "12. Januar 2024, 14:05 Uhr", "Von Anna Beispiel"),
            "Mole beschlossen",
            "12. Januar 2024, 14:05 Uhr",
            "Von Anna Beispiel",
        ),
        (
            ("Jetée votée", "Publié le 3 février 2024 à 10h12", "Par Jean Dupont"),
            "Jetée votée",
            "3 février 2024 à 10h12",
            "Par Jean Dupont",
        ),
        (
            ("Aprobado el muelle", "12 de enero de 2024"),
            "Aprobado el muelle",
            "12 de enero de 2024",
            None,
        ),
        (("码头获批", "2023年11月10日 08:30"), "码头获批", "2023年11月10日 08:30", None),
        (("Pier voted", "2024-01-12"), "Pier voted", "2024-01-12", None),
        (
            ("Pier voted", "By JANE DOE, Associated Press"),
            "Pier voted",
            None,
            "By JANE DOE, Associated Press",
        ),
        (
            ("IE 11 is not supported. Visit our site on another browser.", "Pier voted"),
            "Pier voted",
            None,
            None,
        ),
        (("Share", "3 min read", "Pier voted"), "Pier voted", None, None),
        (("Pier voted | The Courier", "Pier voted"), "Pier voted", None, None),
    ],
)
def test_top_of_the_text(
    top: tuple[str, ...], headline: str, date_raw: str | None, byline: str | None
) -> None:
    """The headline is the first line that is no notice, widget, date or byline; none of them is body."""
    read = read_plain_text("\n\n".join((*top, FIRST, SECOND)))
    assert (read.headline, read.date_raw, read.byline) == (headline, date_raw, byline)
    assert read.body == f"{FIRST}\n{SECOND}"


@pytest.mark.parametrize(
    "line",
    [
        "The plan starts from Jan. 1, 2024, the board said.",
        "March 2024 was the wettest month",
        "Tuesday",
        "May",
        "1945",
        "2 May",
        "Page 12 of 30",
        "",
        "May 5, 2024 was a fine day",
    ],
)
def test_dates_inside_sentences_are_no_date_lines(line: str) -> None:
    """A date line holds a whole date and nothing but words of dates."""
    assert read_date_line(line) is None


def test_date_deep_in_the_text_is_ignored() -> None:
    """Only a date near the top dates the article."""
    assert (
        read_plain_text(
            article(FIRST, SECOND, THIRD, "January 5, 2020", FIRST[:-1] + " twice.")
        ).date_raw
        is None
    )


def test_known_headline_may_or_may_not_be_repeated() -> None:
    """A headline given beside the text is removed from its top, also with the site's name behind it."""
    for top in ((), ("Pier voted",), ("Pier voted - The Courier",), ("Share", "PIER VOTED")):
        read = read_plain_text("\n".join((*top, FIRST, SECOND)), headline="Pier voted")
        assert (read.headline, read.body) == ("Pier voted", f"{FIRST}\n{SECOND}")


def test_first_line_that_is_a_paragraph_stays_in_the_body() -> None:
    """Without a headline the first sentence serves as one, and the paragraph is not lost."""
    paragraph = f"{FIRST} {SECOND} {THIRD} {FIRST} {SECOND}"
    read = read_plain_text(f"{paragraph}\n\n{THIRD}")
    assert read.headline == FIRST
    assert read.body.startswith(paragraph)


@pytest.mark.parametrize(
    ("text", "headline", "body"),
    [
        ("", "", ""),
        (" \n\t\n", "", ""),
        ("Hello", "Hello", ""),
        ("The mayor resigned.", "The mayor resigned.", "The mayor resigned."),
        ("码头", "码头", ""),
        ("\x00\ufeff", "", ""),
    ],
)
def test_tiny_texts(text: str, headline: str, body: str) -> None:
    """Empty, one-word and one-sentence texts have the values one expects."""
    read = read_plain_text(text)
    assert (read.headline, read.body) == (headline, body)
    assert prose_of(read) == ([body] if body else [])


WRAPPED = """Harbour board votes for new pier

January 5, 2024

The harbour board voted on Thursday to build a second pier, after a
debate that lasted until midnight and drew more than two hundred resi-
dents. The pier is to open in two years.

"We have waited for this since the storm," said the harbour master,
who has led the campaign for a decade. Residents of the old town had
asked for a smaller building.

What comes next

A contract is to be signed in March.
"""


def test_hard_wrapped_text_is_joined() -> None:
    """Lines broken at a fixed width become paragraphs; headings and short paragraphs keep theirs."""
    read = read_plain_text(WRAPPED)
    assert read.headline == "Harbour board votes for new pier"
    assert read.date_raw == "January 5, 2024"
    assert read.body.split("\n") == [
        "The harbour board voted on Thursday to build a second pier, after a debate that lasted until midnight and drew more than two hundred residents. The pier is to open in two years.",
        '"We have waited for this since the storm," said the harbour master, who has led the campaign for a decade. Residents of the old town had asked for a smaller building.',
        "What comes next",
        "A contract is to be signed in March.",
    ]
    assert len(read.prose) == 3


def test_indented_paragraphs_without_blank_lines() -> None:
    """In old archives an indent begins a paragraph."""
    text = (
        "    The harbour board voted on Thursday to build a second pier, after\n"
        "a debate that lasted until midnight and drew more than two hundred\n"
        "people from the old town. The pier is to open in two years.\n"
        "    A contract with the builders is to be signed in March, and work\n"
        "begins in the spring of the year after that one.\n"
    )
    assert read_plain_text(text, headline="Pier").body.count("\n") == 1


def test_wrapped_lines_without_spaces_are_joined_without_spaces() -> None:
    """Chinese text broken at a fixed width is joined without a space."""
    line = "港口委员会周四投票决定修建第二座码头居民曾要求建一座较小的建筑他们表示抗议"
    text = f"码头获批\n\n{line}\n{line}\n{line}\n{line}\n工程明年开始。"
    assert read_plain_text(text).body == line * 4 + "工程明年开始。"


def test_paragraphs_of_one_length_are_not_wrapped_text() -> None:
    """Short paragraphs of equal length that end like sentences stay apart."""
    lines = [f"Line {n} says that pier {n} is not the pier {n} of today." for n in range(10, 40)]
    assert read_plain_text("\n".join(["Piers", *lines])).body.split("\n") == lines


def test_text_without_full_stops_is_prose_too() -> None:
    """A text that never ends a sentence with a mark is judged by the length of its lines."""
    lines = [
        "the board voted on thursday to build a second pier",
        "residents asked for a smaller building and protested",
        "work begins in spring and lasts two years or more",
    ]
    assert prose_of(read_plain_text("\n\n".join(["Pier voted", *lines]))) == lines


def test_thai_needs_no_full_stop() -> None:
    """Thai has no full stop and no spaces between words; its paragraphs are prose."""
    line = "ฝนตกหนักในกรุงเทพมหานครเมื่อวันศุกร์ทำให้การจราจรติดขัดหลายสาย เจ้าหน้าที่ขอให้ประชาชนหลีกเลี่ยงเส้นทาง"
    assert prose_of(read_plain_text(f"ฝนตกหนัก\n\n{line}")) == [line]


@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r", "\u2028", "\x85", "\x0c"])
def test_line_ends(ends: str) -> None:
    """All line ends of Unicode separate lines."""
    text = article(FIRST, SECOND).replace("\n", ends)
    assert read_plain_text(text).body == f"{FIRST}\n{SECOND}"


def test_normalise_removes_what_is_invisible() -> None:
    """NBSP becomes a space; NUL, zero-width and direction marks go; surrogates are replaced."""
    assert normalise("a\u00a0b\u200bc\x00d\ufeff\u00ade\u202ef") == "a bcdef"
    assert normalise("x\ud800y") == "x\ufffdy"
    assert normalise("می\u200cخواهم") == "می\u200cخواهم"
    assert normalise("a\u200cb \u200d") == "ab "


def test_prose_spans_of_an_html_body() -> None:
    """A body from HTML is judged alike, in its own offsets, blank lines and list marks included."""
    lines = [
        FIRST,
        "",
        "What residents say",
        "- A first point that is a whole sentence.",
        SECOND + " ",
        "Photo: Jane Doe",
        THIRD,
    ]
    body = "\n".join(lines)
    assert [body[a:b] for a, b in prose_spans(body)] == [
        FIRST,
        "A first point that is a whole sentence.",
        SECOND,
        THIRD,
    ]
    assert prose_spans("") == ()


line_texts = st.one_of(
    st.sampled_from(
        [
            FIRST,
            SECOND,
            "Share",
            "• Link to it",
            "Photo: Jane Doe",
            "",
            "  ",
            "December 23, 2021",
            "By Jane Doe",
            "2:02",
            "© 2020",
            "(AP)",
        ]
    ),
    st.text(max_size=60),
)


@settings(max_examples=200, deadline=None)
@given(
    st.lists(line_texts, max_size=12),
    st.sampled_from(["\n", "\n\n", "\r\n"]),
    st.one_of(st.none(), st.text(max_size=20)),
)
def test_laws(lines: list[str], ends: str, headline: str | None) -> None:
    """Any text: valid UTF-8, no empty or padded lines, spans ascending, disjoint, within a line."""
    text = ends.join(lines)
    read = read_plain_text(text, headline=headline)
    assert read == read_plain_text(text, headline=headline)
    for value in (read.headline, read.body):
        assert "\x00" not in value
        value.encode("utf-8")
    assert all(line == line.strip() != "" for line in read.body.split("\n") if read.body)
    check_spans(read.body, read.prose)
    check_spans(text, prose_spans(text))


def check_spans(body: str, spans: tuple[tuple[int, int], ...]) -> None:
    """Assert the laws of prose spans."""
    end = -1
    for start, stop in spans:
        assert end < start < stop <= len(body)
        assert "\n" not in body[start:stop]
        assert body[start:stop].strip()
        end = stop


@pytest.mark.parametrize(
    "unit",
    [
        "a",
        "a ",
        "(",
        "• x\n",
        "He said so. ",
        "Photo: ",
        "Ab Cd/Ef ",
        "\n",
        "12:",
        "a\n",
        "© ",
        "\u00a0",
    ],
)
def test_a_megabyte_of_anything(unit: str) -> None:
    """Long runs of one thing are read without error, and the result keeps the laws."""
    text = unit * (200_000 // len(unit))
    read = read_plain_text(text)
    check_spans(read.body, read.prose)


def test_a_known_headline_that_is_a_paragraph_stays_in_the_body() -> None:
    """A record whose title is its first paragraph: its first sentence is the headline, and it stays."""
    paragraph = f"{FIRST} {SECOND} {THIRD} {FIRST} {SECOND}"
    read = read_plain_text(f"{paragraph}\n\n{THIRD}", headline=paragraph)
    assert read.headline == FIRST
    assert read.body == f"{paragraph}\n{THIRD}"
    whole = read_plain_text(FIRST, headline=FIRST)
    assert (whole.headline, whole.body) == (FIRST, FIRST), "a record that is one sentence"


def test_headings_and_rows_of_tables_are_told_from_captions_and_prose() -> None:
    """Where they stand in the body, of a plain text and of a body taken from HTML."""
    row, caption = "Net profit 2.1 mln crowns vs 1.9 mln", "The pier at night. (Photo: Ann Lee)"
    read = read_plain_text(article(FIRST, row, SECOND, caption, THIRD))
    assert [read.body[a:b] for a, b in read.headings] == [row]
    spans = body_spans(read.body)
    assert (spans.prose, spans.headings) == (read.prose, read.headings)
