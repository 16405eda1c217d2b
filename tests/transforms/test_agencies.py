"""Attribution: which signal credits which agency, at which level, and what credits nobody."""

from __future__ import annotations

import pickle
from dataclasses import replace
from itertools import accumulate
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from transforms.agencies import Credits, find_evidence, parse_agencies, roles
from transforms.records import AgencyEvidence, Level

CSV = (Path(__file__).parents[2] / "seeds" / "agencies.csv").read_text(encoding="utf-8")
RULES = parse_agencies(CSV)
HEADER = CSV.split("\n", 1)[0]

LEDE = "The harbour board voted on Thursday to build a second pier, its chairman said."
MIDDLE = "Residents of the old town had asked for a smaller building, and some of them protested."
LAST = "Work is to begin in the spring and to last two years, according to the plans."


def credits_of(
    body: str = "",
    *,
    byline: str | None = None,
    structured: tuple[tuple[str, str], ...] = (),
    host: str | None = "courier.example",
    canonical: str | None = None,
    headline: str = "Second pier for the harbour",
) -> Credits:
    """A page with these credits and nothing else."""
    bylines = (byline,) if byline else ()
    return Credits(host, canonical, structured, bylines, body, headline)


def roles_of(page: Credits) -> dict[str, str]:
    """The roles of a page as plain strings."""
    return {agency_id: str(level) for agency_id, level in roles(find_evidence(RULES, page))}


def text(*lines: str) -> str:
    """A body of these lines."""
    return "\n".join(lines)


DATELINES = [
    ("HARBOUR CITY (AP) — ", "ap"),
    ("WASHINGTON (AP) - ", "ap"),
    ("ST. PAUL, Minn. (AP) _ ", "ap"),
    ("PARIS, March 3 (Reuters) - ", "reuters"),
    ("NEW YORK/LONDON, March 3 (Reuters) - ", "reuters"),
    ("(Reuters) — ", "reuters"),
    ("LONDON, March 3 (Reuters)\n", "reuters"),
    ("Paris (AFP) – ", "afp"),
    ("Berlin (dpa) - ", "dpa"),
    ("Kiel (dpa/lno) - ", "dpa"),
    ("(ANSA) - ROMA, 3 MAR - ", "ansa"),
    ("Madrid, 3 mar (EFE).- ", "efe"),
    ("Lisboa, 03 mar (Lusa) – ", "lusa"),
    ("Roma, 3 mar. (askanews) – ", "askanews"),
    ("NEW DELHI, March 3 (PTI) ", "pti"),
    ("New Delhi [India], March 3 (ANI): ", "ani"),
    ("BEIJING, March 3 (Xinhua) -- ", "xinhua"),
    ("MOSCOW, March 3. /TASS/. ", "tass"),
    ("МОСКВА, 3 мар — РИА Новости. ", "ria_novosti"),
    ("ANKARA (AA) - ", "anadolu"),
    ("Oslo (NTB): ", "ntb"),
    ("HARBOUR CITY (MPA) — ", "meridian"),
]


@pytest.mark.parametrize(("dateline", "agency_id"), DATELINES)
def test_dateline_credits_its_agency(dateline: str, agency_id: str) -> None:
    """A dateline that names an agency makes the text the agency's."""
    page = credits_of(text(dateline + LEDE, MIDDLE, LAST))
    assert roles_of(page) == {agency_id: "owner"}


@pytest.mark.parametrize(
    ("lede", "agency_id"),
    [
        ("新华社北京3月3日电 港口委员会周四投票决定修建第二座码头。", "xinhua"),
        ("(新华社北京3月3日电)港口委员会周四投票决定修建第二座码头。", "xinhua"),
        ("【ロンドン共同】港湾委員会は木曜日、二つ目の桟橋の建設を決めた。", "kyodo"),
        ("[東京 3日 ロイター] - 港湾委員会は木曜日、二つ目の桟橋の建設を決めた。", "reuters"),
        ("(서울=연합뉴스) 항만위원회는 목요일 두 번째 부두를 짓기로 했다.", "yonhap"),
    ],
)
def test_dateline_in_scripts_without_spaces(lede: str, agency_id: str) -> None:
    """Chinese, Japanese and Korean openings name their agency inside a bracket or before 电."""
    assert roles_of(credits_of(text(lede, lede[-12:] * 3))) == {agency_id: "owner"}


ENDINGS = [
    ("(Reporting by Jane Doe in Harbour City; Editing by John Roe)", {"reuters": "owner"}),
    (
        "(Additional reporting by Jane Doe; Writing by John Roe; Editing by Max Poe)",
        {"reuters": "owner"},
    ),
    ("© 2023 Associated Press. All rights reserved.", {"ap": "owner"}),
    ("Copyright 2019 The Associated Press. All rights reserved.", {"ap": "owner"}),
    ("© Reuters", {"reuters": "owner"}),
    ("© dpa-infocom, dpa:230303-99-123456/2", {"dpa": "owner"}),
    ("Quelle: dpa", {"dpa": "owner"}),
    ("Quelle: APA/dpa", {"apa_austria": "shared", "dpa": "shared"}),
    ("Source: AFP", {"afp": "owner"}),
    ("Fuente: EFE", {"efe": "owner"}),
    ("Fonte: ANSA", {"ansa": "owner"}),
    ("(dpa)", {"dpa": "owner"}),
    ("(red, APA, 23.12.2021)", {"apa_austria": "shared"}),
    ("Reuters", {"reuters": "owner"}),
    ("The Associated Press contributed to this report.", {"ap": "shared"}),
    ("Associated Press writer Jane Doe in Paris contributed to this report.", {"ap": "shared"}),
    ("AP writers Jane Doe and John Roe contributed to this story.", {"ap": "shared"}),
    ("With files from The Canadian Press", {"canadian_press": "shared"}),
    ("With reporting from Reuters and AFP.", {"reuters": "shared", "afp": "shared"}),
    ("This article includes information from Reuters.", {"reuters": "shared"}),
    ("Information from The Associated Press was used in this report.", {"ap": "shared"}),
    ("(With inputs from PTI)", {"pti": "shared"}),
    ("Mit Material von dpa und AFP", {"dpa": "shared", "afp": "shared"}),
    ("(mit dpa)", {"dpa": "shared"}),
    ("(avec AFP)", {"afp": "shared"}),
    ("Con información de EFE", {"efe": "shared"}),
    ("Com informações da Reuters", {"reuters": "shared"}),
    (
        "Based on reporting by Reuters, AP, and TASS",
        {"reuters": "shared", "ap": "shared", "tass": "shared"},
    ),
    ("This article was originally published by Reuters.", {"reuters": "owner"}),
]


@pytest.mark.parametrize(("ending", "expected"), ENDINGS)
def test_last_line_credits(ending: str, expected: dict[str, str]) -> None:
    """Sign-offs, copyright and source lines own; notes of contribution share."""
    assert roles_of(credits_of(text(LEDE, MIDDLE, LAST, ending))) == expected


@pytest.mark.parametrize(
    ("tail", "agency_id"),
    [
        (" PTI", "pti"),
        (" — IANS", "ians"),
        (" (dpa)", "dpa"),
        (" (ANSA).", "ansa"),
        (" /TASS/", "tass"),
        (" AFP", "afp"),
        (" dpa/lno", "dpa"),
    ],
)
def test_code_after_the_last_sentence(tail: str, agency_id: str) -> None:
    """A code alone after the last sentence is the text's own credit."""
    assert roles_of(credits_of(text(LEDE, MIDDLE, LAST + tail))) == {agency_id: "owner"}


BYLINES = [
    ("By JANE DOE, Associated Press", {"ap": "owner"}),
    ("By Jane Doe, AP Science Writer", {"ap": "owner"}),
    ("By JANE DOE and JOHN ROE Associated Press", {"ap": "owner"}),
    ("Jane Doe | Reuters", {"reuters": "owner"}),
    ("Jane Doe (AP)", {"ap": "owner"}),
    ("Jane Doe of The Associated Press", {"ap": "owner"}),
    ("AFP/Jane Doe", {"afp": "owner"}),
    ("The Associated Press", {"ap": "owner"}),
    ("Reuters Staff", {"reuters": "owner"}),
    ("By PA Media", {"pa_media": "owner"}),
    ("dpa", {"dpa": "owner"}),
    ("Le Figaro avec AFP", {"afp": "shared"}),
    ("Redação, com Agência Brasil", {"agencia_brasil": "shared"}),
    ("Por Redacción / EFE", {"efe": "shared"}),
    ("ANI | Jane Doe", {"ani": "owner"}),
    ("新华社记者 王小明", {"xinhua": "owner"}),
    ("来源:新华社", {"xinhua": "owner"}),
    ("Michael Bloomberg", {}),
    ("Bloomberg Opinion", {}),
    ("NA", {}),
    ("Le Figaro et AFP", {"afp": "shared"}),
    ("Von Anna Beispiel mit dpa", {"dpa": "shared"}),
    ("Jane Doe and Associated Press", {"ap": "shared"}),
    ("By JANE DOE, CNN, AP", {"ap": "shared"}),
    ("Reuters, AFP", {"reuters": "shared", "afp": "shared"}),
    ("fek/dpa", {"dpa": "shared"}),
    ("Associated Press of Pakistan", {"app_pakistan": "owner"}),
    ("Australian Associated Press", {"aap": "owner"}),
    ("Jane Doe, Staff Writer", {}),
    ("TT Torrez", {}),
    ("CP Staff", {}),
    ("Pa Salt", {}),
    ("By Jane Doe, Allentown, PA", {}),
    ("By Jane Doe, New Castle, PA", {}),
    ("By Jane Doe, PA Political Correspondent", {"pa_media": "owner"}),
    ("Jane Doe / AP Photo", {}),
    ("Getty Images via AFP", {}),
]


@pytest.mark.parametrize(("byline", "expected"), BYLINES)
def test_byline_credits(byline: str, expected: dict[str, str]) -> None:
    """An agency alone or with its writers owns, next to an outlet it shares, a photo says nothing."""
    page = credits_of(text(LEDE, MIDDLE, LAST), byline=byline)
    assert roles_of(page) == expected


STRUCTURED = [
    ((("json_ld_author", "Associated Press"),), {"ap": "owner"}),
    ((("json_ld_author", "Jane Doe"), ("json_ld_author", "Associated Press")), {"ap": "shared"}),
    (
        (("json_ld_author", "Reuters"), ("json_ld_author", "AFP")),
        {"afp": "shared", "reuters": "shared"},
    ),
    ((("json_ld_creator", "PTI"),), {"pti": "owner"}),
    ((("json_ld_source_organization", "The Canadian Press"),), {"canadian_press": "owner"}),
    ((("json_ld_provider", "Reuters"), ("json_ld_author", "Jane Doe")), {"reuters": "owner"}),
    ((("json_ld_credit_text", "Jane Doe, Associated Press"),), {"ap": "owner"}),
    ((("meta_author", "By JANE DOE, AP Sports Writer"),), {"ap": "owner"}),
    ((("meta_source", "Agence France-Presse"),), {"afp": "owner"}),
    ((("meta_source", "https://www.reuters.com/world/pier"),), {"reuters": "owner"}),
    ((("json_ld_author", "The Conversation"),), {}),
    ((("json_ld_author", "https://www.reuters.com/authors/jane"),), {}),
]


@pytest.mark.parametrize(("structured", "expected"), STRUCTURED)
def test_structured_fields(
    structured: tuple[tuple[str, str], ...], expected: dict[str, str]
) -> None:
    """Declared authors and providers credit; next to names of staff the agency shares."""
    assert roles_of(credits_of(text(LEDE, MIDDLE), structured=structured)) == expected


NOTHING = [
    "The death toll passed 600, according to a Reuters tally.",
    "The man died on Friday, the Associated Press reported.",
    "Officials spoke to the AP on condition of anonymity.",
    "She grew up in Allentown, PA",
    "The show will be held in Harrisburg, PA.",
    "The president met reporters in the garden. (AP Photo/Jane Doe)",
    "Doe, left, and Roe shake hands in Paris. Jane Doe/Pool via AP",
    "Doe shakes hands with Roe in Paris. Credit: AP",
    "A soldier stands at the front line.Jane Doe / AP",
    "A soldier stands at the front line. (Jane Doe/AFP via Getty Images)",
    "A soldier stands at the front line. Foto: Max Muster/dpa",
    "© REUTERS / Jane Doe",
    "TT Torrez has hosted the show since May.",
    "Bloomberg News reported on Friday that the company was in talks.",
    "According to the state-run Xinhua News Agency, nobody was hurt.",
    "The Central Bank (AP) says nothing of the kind.",
    "Reuters contributed $5 million to the fund.",
    "This story includes information from the MAP project.",
    "据新华社报道,没有人受伤。",
    "The agency's photographer (Jane Doe/AP) was there.",
]


@pytest.mark.parametrize("line", NOTHING)
@pytest.mark.parametrize("place", ["first", "middle", "last"])
def test_mentions_and_photo_credits_give_no_role(line: str, place: str) -> None:
    """A mention, a place, a photo credit attributes nothing, wherever it stands."""
    lines = {
        "first": (line, MIDDLE, LAST),
        "middle": (LEDE, line, LAST),
        "last": (LEDE, MIDDLE, line),
    }
    assert roles_of(credits_of(text(*lines[place]))) == {}


@pytest.mark.parametrize(
    ("lede", "expected"),
    [
        ("HARBOUR CITY (CNN/AP) — ", {"ap": "shared"}),
        ("HARBOUR CITY (AP/Reuters) — ", {"ap": "shared", "reuters": "shared"}),
        ("HARBOUR CITY (Courier) — ", {}),
        ("HARBOUR CITY — ", {}),
        ("The Associated Press (AP) says that ", {}),
        ("(Jane Doe / AP) ", {}),
    ],
)
def test_datelines_of_several_or_none(lede: str, expected: dict[str, str]) -> None:
    """Two names in a dateline share; a dateline without an agency proves nothing."""
    assert roles_of(credits_of(text(lede + LEDE, MIDDLE, LAST))) == expected


def test_dateline_deep_in_the_text_is_none() -> None:
    """Only the first paragraphs have a dateline: a digest of other stories is not an agency's."""
    body = text(
        LEDE,
        MIDDLE,
        LAST,
        MIDDLE.replace("some", "few"),
        LAST.replace("two", "four"),
        "OSLO (AP) — " + LEDE,
    )
    assert roles_of(credits_of(body)) == {}


def test_reprint_notice_shares() -> None:
    """A line that announces an agency's text below makes the article partly the agency's."""
    notice = "For more reporting from the Associated Press, see below:"
    evidence = find_evidence(RULES, credits_of(text(LEDE, notice, MIDDLE, LAST)))
    assert [(row.agency_id, row.signal, row.level) for row in evidence] == [
        ("ap", "reprint_notice", Level.SHARED)
    ]


def test_own_site_is_self() -> None:
    """On its own site everything that credits an agency is `self`, and the role is one."""
    page = credits_of(
        "NEW YORK (AP) — " + LEDE, host="apnews.com", canonical="https://apnews.com/a"
    )
    evidence = find_evidence(RULES, page)
    assert {(row.signal, row.level) for row in evidence} == {
        ("host", Level.SELF),
        ("dateline", Level.SELF),
    }
    assert roles_of(page) == {"ap": "self"}


@pytest.mark.parametrize(
    "host", ["notapnews.com", "apnews.com.example", "ap.org.example", "com", "", None]
)
def test_other_hosts_are_not_the_agency(host: str | None) -> None:
    """Only a domain of the agency or a subdomain of it is its own site."""
    assert roles_of(credits_of(LEDE, host=host)) == {}


def test_canonical_link_to_an_agency_owns() -> None:
    """A canonical link on an agency's domain says that the page is a copy of the agency's."""
    assert roles_of(credits_of(LEDE, canonical="https://www.reuters.com/world/pier/")) == {
        "reuters": "owner"
    }
    assert roles_of(credits_of(LEDE, canonical="http://[broken")) == {}


def test_printed_byline_above_the_text() -> None:
    """A line above the first paragraph that is an agency's name is a byline."""
    assert roles_of(credits_of(text("The Associated Press", LEDE, MIDDLE, LAST))) == {"ap": "owner"}
    assert roles_of(credits_of(text("By Jane Doe, Associated Press", LEDE, MIDDLE))) == {
        "ap": "owner"
    }


def test_name_under_a_caption_is_a_photo_credit() -> None:
    """The agency's name under a photo's caption is not the text's credit."""
    caption = "Doe, left, and Roe shake hands in the harbour. (Jane Doe/Pool)"
    assert roles_of(credits_of(text(LEDE, MIDDLE, LAST, caption, "AP"))) == {}


def test_a_name_printed_twice_alone_is_no_byline() -> None:
    """Galleries repeat the agency under each picture."""
    assert roles_of(credits_of(text("AP", LEDE, MIDDLE, "AP", LAST, "AP"))) == {}


def test_one_row_for_each_signal_with_its_words() -> None:
    """Evidence is sorted, unique for agency and signal, and carries the words it stands on."""
    page = credits_of(
        text(
            "HARBOUR CITY (AP) — " + LEDE,
            MIDDLE,
            "The Associated Press contributed to this report.",
            "© 2023 Associated Press",
        ),
        structured=(("json_ld_author", "Associated Press"), ("json_ld_author", "Associated Press")),
    )
    evidence = find_evidence(RULES, page)
    keys = [(row.agency_id, row.signal) for row in evidence]
    assert keys == sorted(set(keys))
    assert [signal for _, signal in keys] == [
        "contribution",
        "copyright_line",
        "dateline",
        "json_ld_author",
    ]
    assert roles(evidence) == (("ap", Level.OWNER),)
    assert all(row.text for row in evidence)


def test_mention_is_recorded_once_and_only_without_a_credit() -> None:
    """A mention is evidence at level MENTION; it is not repeated for a credited agency."""
    evidence = find_evidence(RULES, credits_of("It was said to Reuters. Reuters did not answer."))
    assert [(row.agency_id, row.signal, row.level) for row in evidence] == [
        ("reuters", "mention", Level.MENTION)
    ]
    credited = find_evidence(
        RULES, credits_of("OSLO (Reuters) - It was said to Reuters, and Reuters asked.")
    )
    assert [row.signal for row in credited] == ["dateline"]


def test_roles_prefer_the_strongest() -> None:
    """SELF comes before OWNER before SHARED, and MENTION gives no role."""
    rows = [
        AgencyEvidence("ap", "contribution", Level.SHARED, ""),
        AgencyEvidence("ap", "dateline", Level.OWNER, ""),
        AgencyEvidence("efe", "host", Level.SELF, ""),
        AgencyEvidence("efe", "byline", Level.OWNER, ""),
        AgencyEvidence("dpa", "mention", Level.MENTION, ""),
    ]
    assert roles(rows) == (("ap", Level.OWNER), ("efe", Level.SELF))


def test_seed_table_is_sound() -> None:
    """The table holds at least forty real agencies, sorted, and the fictional one marked as such."""
    ids = [agency.agency_id for agency in RULES.agencies]
    assert ids == sorted(ids) == [line.split(",", 1)[0] for line in CSV.splitlines()[1:]]
    assert len(ids) - 1 >= 40
    fictional = [a.agency_id for a in RULES.agencies if "fictional" in a.note.lower()]
    assert fictional == ["meridian"]


@pytest.mark.parametrize("agency", RULES.agencies, ids=lambda agency: agency.agency_id)
def test_every_name_and_code_is_found_as_author(agency) -> None:  # noqa: ANN001 - Agency, from the table
    """Each name and code of the table, as declared author, credits its own agency."""
    for value in (agency.name, *agency.other_names, *agency.codes):
        page = credits_of(LEDE, structured=(("json_ld_author", value),))
        assert roles_of(page) == {agency.agency_id: "owner"}, value


def test_rules_can_cross_processes() -> None:
    """The rules survive pickling with equal results."""
    again = pickle.loads(pickle.dumps(RULES))  # noqa: S301 - our own bytes
    page = credits_of("OSLO (NTB): " + LEDE)
    assert find_evidence(again, page) == find_evidence(RULES, page) != ()


@pytest.mark.parametrize(
    ("csv_text", "message"),
    [
        ("", "line 1: the header must be"),
        ("agency_id,name\nap,AP\n", "line 1: the header must be"),
        (HEADER + "\nap,Associated Press\n", "line 2: 2 cells"),
        (HEADER + "\nAP,Associated Press,,,,,,,\n", "line 2: agency_id 'AP'"),
        (HEADER + "\nap,,,,,,,,\n", "line 2: the name is empty"),
        (
            HEADER + "\nap,A,,,https://ap.org,,,,\n",
            "line 2: 'https://ap.org' does not look right in domains",
        ),
        (HEADER + "\nap,A,,,,usa,,,\n", "line 2: 'usa' does not look right in countries"),
        (HEADER + "\nap,A,,,,,English,,\n", "line 2: 'English' does not look right in languages"),
        (HEADER + "\nap,A,,,,,,,\nap,B,,,,,,,\n", "line 3: agency_id 'ap' is used twice"),
        (HEADER + "\nap,A,,X,,,,,\nbp,B,,X,,,,,\n", "line 3: 'X' already belongs to 'ap'"),
        (HEADER + '\nap,"A,,,,,,,\n', "line 2"),
    ],
)
def test_malformed_table_names_the_line(csv_text: str, message: str) -> None:
    """A malformed table is a ValueError that says where and what."""
    with pytest.raises(ValueError, match=r"agencies\.csv") as caught:
        parse_agencies(csv_text)
    assert message in str(caught.value)


def test_table_from_a_spreadsheet() -> None:
    """A byte-order mark, CRLF and empty rows do no harm."""
    rules = parse_agencies("\ufeff" + CSV.replace("\n", "\r\n") + ",,,,,,,,\r\n")
    assert [a.agency_id for a in rules.agencies] == [a.agency_id for a in RULES.agencies]


words = st.sampled_from(
    [
        "AP",
        "(AP)",
        "—",
        "Reuters",
        "©",
        "Source:",
        "dpa",
        "(",
        ")",
        "By",
        "via",
        "PARIS",
        "Photo",
        "\n",
        ".",
        "said",
        "/",
        "新华社",
        "电",
        "contributed to this report",
    ]
)


@settings(max_examples=150, deadline=None)
@given(st.lists(words, max_size=40).map(" ".join), st.text(max_size=40))
def test_never_raises_and_rows_are_lawful(body: str, byline: str) -> None:
    """Any text gives sorted unique rows, and roles only for rows above MENTION."""
    page = credits_of(
        body, byline=byline, structured=(("json_ld_author", body), ("meta_source", byline))
    )
    evidence = find_evidence(RULES, page)
    keys = [(row.agency_id, row.signal) for row in evidence]
    assert keys == sorted(set(keys))
    strong = {row.agency_id for row in evidence if row.level is not Level.MENTION}
    assert {agency_id for agency_id, _ in roles(evidence)} == strong


def page_under(captions: int, dateline: str, *rest: str) -> Credits:
    """A gallery's captions over a text with a dateline."""
    above = [
        f"The pier at Harbour City as it looked on day {n} of the storm." for n in range(captions)
    ]
    body = text(*above, dateline + LEDE, *rest)
    ends = list(accumulate(len(line) + 1 for line in body.split("\n")))
    spans = tuple(
        (end - 1 - len(line), end - 1) for line, end in zip(body.split("\n"), ends, strict=True)
    )
    return replace(credits_of(body), prose=spans)


def test_a_dateline_under_a_gallery_credits_its_agency() -> None:
    """However many captions come first, if most of the text stands under it."""
    long = [MIDDLE.replace("the", f"the {n}") for n in range(25)]
    assert roles_of(page_under(8, "HARBOUR CITY (AP) — ", *long)) == {"ap": "owner"}
    assert roles_of(page_under(8, "HARBOUR CITY — ", *long)) == {}
    assert roles_of(page_under(8, "HARBOUR CITY (AP) — ", *long[:2])) == {}, "an item of a column"
    broken = page_under(8, "HARBOUR CITY (AP) — ", *long)
    assert roles_of(replace(broken, body=broken.body.replace(LEDE, LEDE[:-3] + "..."))) == {}, (
        "a teaser"
    )


@pytest.mark.parametrize(
    "line",
    [
        "Author: Associated Press",
        "Written by The Associated Press",
        "Posted By: By Jane Doe, Associated Press",
        "/ Source: Associated Press",
        "The Associated Press — By JANE DOE - AP Business Writer",
    ],
)
def test_labelled_bylines_above_the_text(line: str) -> None:
    """As content systems print them."""
    assert roles_of(credits_of(text(line, LEDE, MIDDLE, LAST))) == {"ap": "owner"}
