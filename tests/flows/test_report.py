"""`wirecopy report` in a real browser: what it shows, that it loads nothing, that text stays text."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from flows.report.compose import write_report

Wirecopy = Callable[..., "object"]

ROOT = Path(__file__).resolve().parents[2]
PICTURES = "WIRECOPY_PICTURES"
"""With this in the environment the pictures in docs/images are made anew."""

HOSTILE = (
    '<script>owned("s")</script><img src=x onerror=owned()> </script> ]]> --> **bold** '
    "[link](javascript:owned()) {{ 7*7 }} {% raw %} ' \" &lt; &#60; \x1b[31mred\x1b[0m \u202egnp"
)
VISIBLE = (
    '<script>owned("s")</script><img src=x onerror=owned()> </script> ]]> --> **bold** '
    "[link](javascript:owned()) {{ 7*7 }} {% raw %} ' \" &lt; &#60;"
)
FORMULA = '=cmd|"/c calc"!A1'


@dataclass
class Seen:
    """What a page asked for and complained of while it was open."""

    requests: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)


Open = Callable[..., tuple[Page, Seen]]


@pytest.fixture(scope="module")
def opened(chromium: Browser) -> Iterator[Open]:
    """Open a file with the network cut, noting requests, errors, dialogs and policy violations."""
    contexts = []

    def load(path: Path, *, width: int = 1000, **options: object) -> tuple[Page, Seen]:
        context = chromium.new_context(viewport={"width": width, "height": 900}, **options)
        contexts.append(context)
        context.set_offline(offline=True)
        seen, page = Seen(), context.new_page()
        page.on("request", lambda request: seen.requests.append(request.url))
        page.on("console", lambda message: seen.complaints.append(message.text))
        page.on("pageerror", lambda error: seen.complaints.append(str(error)))
        page.on("dialog", lambda dialog: (seen.complaints.append("dialog"), dialog.dismiss()))
        page.add_init_script(
            "addEventListener('securitypolicyviolation',"
            " (event) => console.log('violated ' + event.violatedDirective))"
        )
        page.goto(path.as_uri())
        return page, seen

    yield load
    for context in contexts:
        context.close()


def _report(home: Path, path: Path) -> Path:
    return write_report(home, path, datetime(2026, 7, 14, 12, tzinfo=UTC)).path


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory, wirecopy: Wirecopy) -> Path:
    """The report on the demonstration articles."""
    top = tmp_path_factory.mktemp("demo")
    done = wirecopy("ingest", ROOT / "seeds" / "demo", "--home", top / "home")
    assert done.returncode == 0, done.stderr
    return _report(top / "home", top / "report.html")


def _paragraphs(subject: str) -> list[str]:
    return [
        (
            f"The {subject} opened again on Tuesday after repairs that took the town eleven months and "
            f"cost more than anybody on the council had expected, the {subject} office said on Monday."
        ),
        (
            f"Residents who had waited for the {subject} since spring came early and brought flasks of "
            "coffee, folding chairs and a brass band from the valley behind the northern hills."
        ),
        (
            "Engineers replaced forty beams, two gears and a wooden wheel that had turned since before "
            "the great flood, and painted everything the colour of the river in early winter."
        ),
    ]


ARABIC = (
    "افتتحت المدينة الجسر الجديد صباح الثلاثاء بعد أشهر طويلة من أعمال الإصلاح التي كلفت المجلس "
    "أكثر مما كان يتوقع، وقال مكتب البلدية إن السكان حضروا مبكرا ومعهم القهوة والكراسي وفرقة موسيقية."
)


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory, wirecopy: Wirecopy) -> Path:
    """The report on articles every field of which tries to be something else than text."""
    top = tmp_path_factory.mktemp("hostile")
    body = [*_paragraphs("mill"), f"The last line of the mill office said {HOSTILE} and no more."]
    arabic = [ARABIC, ARABIC.replace("الثلاثاء", "الأربعاء")]
    records = [
        {"url": "https://one.example/a", "text": "\n\n".join(body), "published": "2025-07-14"},
        {
            "url": "https://two.example/<b>&quot;'/b",
            "text": "\n\n".join([*body[1:], f"An own line: {HOSTILE}"]),
            "published": "2025-07-14T10:00:00Z",
        },
        {"url": "https://three.example/c", "text": "\n\n".join(arabic), "language": "ar"},
        {"url": "https://four.example/d", "text": "\n\n".join(arabic), "language": '"><b>'},
    ]
    for place, record in enumerate(records):
        record |= {"headline": f"{HOSTILE} {place}", "authors": [f"{HOSTILE} author", FORMULA]}
        record["publisher"] = f"{HOSTILE} {place}" if place % 2 else FORMULA
    (top / "in.jsonl").write_text("".join(json.dumps(record) + "\n" for record in records))
    done = wirecopy("ingest", top / "in.jsonl", "--home", top / "home")
    assert done.returncode == 0, done.stderr
    with duckdb.connect(str(top / "home" / "news.duckdb")) as con:
        # No input sets these today; a report must not depend on it.
        con.execute("update sources set slug = ?, kind = ?", [HOSTILE, HOSTILE])
        con.execute("update publishers set name = ? where host = 'two.example'", [HOSTILE])
        con.execute("update articles set headline = ?", [HOSTILE])
        con.execute("update authors set name = ? where name not like '=%'", [HOSTILE])
        con.execute(
            "insert into ops.ledger select 'x', 'x', 'skipped', ?, 1, null, null, 'r'", [HOSTILE]
        )
    return _report(top / "home", top / "report.html")


@pytest.fixture(scope="module", params=["demo", "hostile"])
def any_report(request: pytest.FixtureRequest) -> Path:
    """Both reports."""
    path = request.getfixturevalue(request.param)
    assert isinstance(path, Path)
    return path


def test_it_loads_nothing_and_nothing_complains(opened: Open, any_report: Path) -> None:
    """One file, no request, no error, no violated policy."""
    page, seen = opened(any_report)
    page.emulate_media(color_scheme="dark")

    assert seen.requests == [any_report.as_uri()]
    assert seen.complaints == []
    assert page.locator("svg.wide").count() >= 4


def test_a_script_that_got_in_would_not_run(opened: Open, demo: Path) -> None:
    """The policy allows the one script and the one style sheet of the page, by their digests."""
    page, seen = opened(demo)
    page.evaluate(
        """() => {
            const script = document.createElement('script');
            script.append('window.owned = 1');
            document.body.append(script);
            const style = document.createElement('style');
            style.append('body { display: none }');
            document.head.append(style);
        }"""
    )

    assert page.evaluate("window.owned") is None
    assert page.locator("h1").is_visible()
    assert [text for text in seen.complaints if text.startswith("violated")] != []


def test_charts_are_drawn(opened: Open, demo: Path) -> None:
    """Each has marks in the colours of the page, a name, and its figures as a table."""
    page, _ = opened(demo)
    drawn = page.evaluate(
        """() => Array.from(document.querySelectorAll('svg.wide')).map((svg) => ({
            name: document.getElementById(svg.getAttribute('aria-labelledby')).textContent,
            role: svg.getAttribute('role'),
            width: svg.getBoundingClientRect().width,
            fills: Array.from(svg.querySelectorAll('path, rect'))
                .map((mark) => getComputedStyle(mark).fill),
            tables: svg.closest('figure').querySelectorAll('table').length,
        }))"""
    )

    assert [each["name"] for each in drawn] == [
        "Articles a day, with and without wire copy",
        "Share of words that are a publisher's own",
        "Articles credited to an agency",
        "Articles of a cluster, by hours after the first",
        "Inputs that are no new article, by reason",
    ]
    assert {each["role"] for each in drawn} == {"img"}
    assert min(each["width"] for each in drawn) > 900
    assert min(each["tables"] for each in drawn) >= 1
    own, wire = "rgb(31, 95, 168)", "rgb(194, 106, 0)"
    assert {own, wire} <= set(drawn[0]["fills"])
    assert {own, wire} <= set(drawn[1]["fills"])


def test_the_figures_are_those_of_the_demo(opened: Open, demo: Path) -> None:
    """As docs/demo.md and docs/views.md have them."""
    page, _ = opened(demo)
    figures = page.evaluate(
        """() => Object.fromEntries(Array.from(document.querySelectorAll('.figures > div'))
            .map((each) => [each.children[0].textContent, each.children[1].textContent]))"""
    )
    rows = page.evaluate(
        """() => Array.from(document.querySelectorAll('table.data tr'))
            .map((row) => Array.from(row.cells).map((cell) => cell.textContent))"""
    )

    assert figures["articles"] == "14"
    assert figures["clusters of copies"] == "1"
    assert figures["wire copy"] == "29%"
    assert ["2025-07-14", "5", "3", "2", "40%"] in rows
    assert ["unknown", "2", "2", "0", "0%"] in rows
    assert ["Harrow Vale News", "1", "0", "278", "9", "3%"] in rows
    assert ["Meridian Press Agency", "6", "1", "4", "1", "5"] in rows
    assert ["skipped", "not an article", "1"] in rows
    assert ["Castlereach Courier", "2025-07-15 05:30 UTC", "reprint", "1", "4"] in rows


def test_two_copies_stand_side_by_side(opened: Open, demo: Path) -> None:
    """Shared passages and changed words are marked; numbers lead to the other text."""
    page, _ = opened(demo)
    page.select_option("#pair", index=2)
    pair = page.locator(".pair:visible")

    assert (
        pair.locator("h3").inner_text() == "Pair 3: Meridian Press Agency and Castlereach Courier"
    )
    assert pair.locator("mark").count() > 4
    assert pair.locator("mark.edited").count() > 0
    assert any("three" in text for text in pair.locator("td:nth-child(1) del").all_inner_texts())
    assert any("five" in text for text in pair.locator("td:nth-child(2) ins").all_inner_texts())
    first = pair.locator("td:nth-child(1) a.to").first
    first.click()
    target = page.evaluate("location.hash.slice(1)")
    assert page.locator(f"[id='{target}']").evaluate("(each) => each.closest('td').cellIndex") == 1
    assert page.locator(f"[id='{target}']").inner_text() == first.inner_text()


def test_hostile_text_is_text(opened: Open, hostile: Path) -> None:
    """In headline, body, author, publisher, source, reason: no element, no dialog, all of it there."""
    page, seen = opened(hostile, java_script_enabled=True)
    made = page.evaluate(
        """() => ({
            scripts: document.scripts.length,
            images: document.querySelectorAll('img, image, iframe, object, embed, link, form').length,
            handlers: Array.from(document.querySelectorAll('*')).filter((each) =>
                Array.from(each.attributes).some((a) => a.name.startsWith('on'))).length,
            bold: document.querySelectorAll('b').length,
            links: Array.from(document.querySelectorAll('a')).map((each) => each.href)
                .filter((href) => !href.includes('#')),
            policies: document.querySelectorAll('meta[http-equiv]').length,
            text: document.body.textContent,
        })"""
    )

    assert seen.complaints == []
    assert (made["scripts"], made["images"], made["handlers"], made["bold"]) == (1, 0, 0, 0)
    assert made["policies"] == 1
    assert all(link.startswith("https://") for link in made["links"])
    assert made["text"].count(VISIBLE) > 10
    assert FORMULA in made["text"]
    assert "␛[31mred␛[0m" in made["text"]
    assert "⟨U+202E⟩gnp" in made["text"]
    assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f\u202a-\u202e]", made["text"])


def test_hostile_text_is_shown_where_it_belongs(opened: Open, hostile: Path) -> None:
    """Each field in its place."""
    page, _ = opened(hostile, java_script_enabled=False)
    pair = page.locator(".pair").first

    assert VISIBLE[:80] in pair.locator("h3").inner_text()
    assert VISIBLE in pair.locator("strong bdi").first.inner_text()
    assert FORMULA in pair.inner_text()
    assert f"By {VISIBLE}" in pair.locator(".about").inner_text()
    texts = page.locator("table.sides").all_inner_texts()
    assert any(VISIBLE in " ".join(text.split()) for text in texts)
    delays = page.locator("table", has_text="Delay by source")
    assert VISIBLE[:60] in delays.inner_text()
    reasons = page.locator("table", has_text="Inputs by outcome and reason")
    assert VISIBLE[:60] in reasons.inner_text()
    assert VISIBLE[:20] in " ".join(page.locator("svg.wide text").all_text_contents())


def test_right_to_left_text_runs_from_right_to_left(opened: Open, hostile: Path) -> None:
    """With its language, where that is one; a made-up language is none."""
    page, _ = opened(hostile, java_script_enabled=False)
    found = page.evaluate(
        """() => Array.from(document.querySelectorAll('.sides td p')).map((each) =>
            [getComputedStyle(each).direction, each.lang, each.textContent.includes('المدينة')])"""
    )

    assert ["rtl", "ar", True] in found
    assert {direction for direction, _, arabic in found if arabic} == {"rtl"}
    assert {direction for direction, _, arabic in found if not arabic} == {"ltr"}
    assert {language for _, language, _ in found} <= {"ar", "en", ""}


def test_a_phone_shows_it_without_scrolling_sideways(opened: Open, any_report: Path) -> None:
    """At 360 pixels, with everything unfolded, pair after pair; wide tables scroll by themselves."""
    page, _ = opened(any_report, width=360)
    page.evaluate("document.querySelectorAll('details').forEach((each) => { each.open = true; })")
    pairs = page.locator(".pair").count()
    widths = []
    for number in range(pairs):
        if pairs > 1:
            page.select_option("#pair", index=number)
        widths.append(page.evaluate("document.documentElement.scrollWidth"))
    beyond = page.evaluate(
        """() => Array.from(document.querySelectorAll('body *'))
            .filter((each) => !each.closest('.scroll') && !each.closest('svg')
                && !each.classList.contains('skip')
                && each.getBoundingClientRect().right > innerWidth + 1)
            .map((each) => each.outerHTML.slice(0, 80))"""
    )

    assert pairs > 1
    assert set(widths) == {360}
    assert beyond == []
    assert page.locator("svg.narrow").first.is_visible()
    assert not page.locator("svg.wide").first.is_visible()


def _luminance(colour: str) -> float:
    parts = [int(each) / 255 for each in re.findall(r"\d+", colour)[:3]]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _contrast(one: str, other: str) -> float:
    low, high = sorted((_luminance(one), _luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_words_stand_out(opened: Open, demo: Path, scheme: str) -> None:
    """Contrast of at least 4.5 for words wherever they stand, charts included; 3 for what is drawn."""
    page, _ = opened(demo, color_scheme=scheme)
    page.evaluate("document.querySelectorAll('details').forEach((each) => { each.open = true; })")
    colours = page.evaluate(
        """() => {
            const paper = getComputedStyle(document.body).backgroundColor;
            const behind = (each) => {
                for (let at = each; at; at = at.parentElement) {
                    const colour = getComputedStyle(at).backgroundColor;
                    if (colour !== 'rgba(0, 0, 0, 0)') return colour;
                }
                return paper;
            };
            const words = Array.from(document.querySelectorAll('body *:not(script):not(svg *)'))
                .filter((each) => Array.from(each.childNodes)
                    .some((node) => node.nodeType === 3 && node.textContent.trim()))
                .map((each) => [getComputedStyle(each).color, behind(each)]);
            const labels = Array.from(document.querySelectorAll('svg text'))
                .map((each) => [getComputedStyle(each).fill, paper]);
            const names = ['own', 'wire', 'third', 'fourth', 'fifth', 'sixth'];
            const probe = document.querySelector('h1');
            const marks = names.map((name) => {
                probe.style.color = `var(--${name})`;
                return [getComputedStyle(probe).color, paper];
            });
            return {paper, words, labels, marks};
        }"""
    )

    assert _luminance(colours["paper"]) > 0.9 if scheme == "light" else True
    assert _luminance(colours["paper"]) < 0.02 if scheme == "dark" else True
    pairs = {tuple(pair) for pair in (*colours["words"], *colours["labels"])}
    assert len(pairs) >= 7
    assert {pair: round(_contrast(*pair), 1) for pair in pairs if _contrast(*pair) < 4.5} == {}
    assert min(_contrast(*pair) for pair in colours["marks"]) >= 3


@pytest.mark.parametrize(
    ("name", "scheme", "width"),
    [("demo", "dark", 360), ("hostile", "light", 1000)],
)
def test_the_rules_of_accessibility_hold(
    opened: Open, request: pytest.FixtureRequest, name: str, scheme: str, width: int
) -> None:
    """axe-core finds nothing: names, roles, labels, order of headings, contrast, language."""
    page, _ = opened(request.getfixturevalue(name), width=width, color_scheme=scheme)
    page.evaluate("document.querySelectorAll('details').forEach((each) => { each.open = true; })")
    found = Axe().run(page).response["violations"]

    assert [(each["id"], [n["html"][:120] for n in each["nodes"][:3]]) for each in found] == []


def test_headings_images_and_controls_have_names(opened: Open, demo: Path) -> None:
    """Headings descend one level at a time, every drawing and control is named."""
    page, _ = opened(demo)
    shown = page.evaluate(
        """() => ({
            levels: Array.from(document.querySelectorAll('h1, h2, h3, h4, h5, h6'))
                .map((each) => Number(each.tagName[1])),
            unnamed: Array.from(document.querySelectorAll('svg')).filter((each) =>
                !document.getElementById(each.getAttribute('aria-labelledby'))).length,
            ids: Array.from(document.querySelectorAll('[id]')).map((each) => each.id),
            controls: Array.from(document.querySelectorAll('select, button')).map((each) =>
                each.labels.length ? each.labels[0].innerText : each.innerText),
            language: document.documentElement.lang,
        })"""
    )

    assert shown["levels"][0] == 1
    assert shown["levels"].count(1) == 1
    assert all(b - a <= 1 for a, b in zip(shown["levels"], shown["levels"][1:], strict=False))
    assert shown["unnamed"] == 0
    assert len(shown["ids"]) == len(set(shown["ids"]))
    assert all(name.strip() for name in shown["controls"])
    assert len(shown["controls"]) == 3
    assert shown["language"] == "en"


def _sections(page: Page) -> dict[str, bool]:
    return {each.inner_text(): each.is_visible() for each in page.locator("main h2, main h3").all()}


def test_paper_shows_all_sections(opened: Open, demo: Path) -> None:
    """Printed, what was folded is open, no chart is cut, and the colours are those of daylight."""
    page, _ = opened(demo, width=700, color_scheme="dark")
    page.emulate_media(media="print", color_scheme="dark")
    hidden = {name for name, visible in _sections(page).items() if not visible}
    tables = page.locator("details table")
    heights = [table.bounding_box() for table in tables.all()]
    charts = page.evaluate(
        """() => Array.from(document.querySelectorAll('svg.wide')).map((svg) =>
            svg.getBoundingClientRect().right - document.documentElement.clientWidth)"""
    )

    assert {name.partition(":")[0] for name in hidden} == {"Pair 2", "Pair 3", "Pair 4"}
    assert len(heights) >= 4
    assert all(box is not None and box["height"] > 20 for box in heights)
    assert len(charts) == 5
    assert max(charts) <= 0
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert not page.locator("#picker").is_visible()
    assert page.get_by_text("On paper stands the pair").is_visible()
    assert page.pdf(format="A4").count(b"/Type /Page\n") >= 3


def test_the_keyboard_reaches_everything(opened: Open, demo: Path) -> None:
    """Tab goes from the skip link to the choice of pairs, and keys change the pair."""
    page, _ = opened(demo)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    assert page.evaluate("document.activeElement.getBoundingClientRect().left") >= 0
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"

    walked = []
    for _ in range(60):
        page.keyboard.press("Tab")
        at, outline = page.evaluate(
            """() => [document.activeElement.id || document.activeElement.tagName,
                getComputedStyle(document.activeElement).outlineStyle]"""
        )
        assert outline != "none"
        walked.append(at)
        if at == "pair":
            break
    assert walked[-1] == "pair"
    assert "SUMMARY" in walked
    assert "DIV" in walked  # tables that may scroll

    page.keyboard.press("ArrowDown")
    assert page.locator(".pair:visible h3").inner_text().startswith("Pair 2")
    assert page.locator("#pair-says").inner_text() == "Pair 2 of 4 is shown."
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.locator(".pair:visible h3").inner_text().startswith("Pair 3")
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Space")
    assert page.locator(".pair:visible h3").inner_text().startswith("Pair 2")


def test_it_can_be_read_without_a_script(opened: Open, demo: Path) -> None:
    """All pairs stand below each other, with a list of them; charts and tables are there."""
    page, _ = opened(demo, java_script_enabled=False)

    assert page.locator(".pair:visible").count() == 4
    assert not page.locator("#picker").is_visible()
    assert page.locator("#pair-list a").count() == 4
    assert page.locator("svg.wide").first.is_visible()
    assert all(_sections(page).values())


def test_a_link_to_a_pair_shows_it(opened: Open, demo: Path) -> None:
    """A bookmark leads where it led."""
    page, _ = opened(demo)
    page.goto(demo.as_uri() + "#pair-3")
    page.reload()

    assert page.locator(".pair:visible h3").inner_text().startswith("Pair 3")


@pytest.mark.skipif(PICTURES not in os.environ, reason=f"makes pictures where {PICTURES} is set")
def test_pictures_for_the_documentation(opened: Open, demo: Path) -> None:
    """Light, dark and on a phone."""
    folder = ROOT / "docs" / "images"
    folder.mkdir(exist_ok=True)
    for name, width, height, scheme, place in (
        ("light", 1000, 1050, "light", "main"),
        ("dark", 1000, 1000, "dark", "pair-3"),
        ("phone", 360, 740, "light", "pair-3"),
    ):
        page, _ = opened(demo, width=width, color_scheme=scheme)
        page.set_viewport_size({"width": width, "height": height})
        page.select_option("#pair", index=2)
        page.evaluate(f"document.getElementById('{place}').scrollIntoView()")
        page.screenshot(path=folder / f"report-{name}.png")
        page.close()
