"""A person and a browser: the form of a backfill, the run's page, what is found there."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from urllib.parse import quote

import duckdb
import pytest
from playwright.sync_api import Browser, Page, expect
from playwright.sync_api import TimeoutError as NotInTime

from tests.flows.serving import LONG_S, ROOT, Serving, wait_for, write_warc

pytestmark = [pytest.mark.server, pytest.mark.timeout(600)]

Compose = Callable[[str], str]

HOSTILE = (
    '# [Mill](javascript:alert(1)) | <script>alert("2")</script> ![x](//evil.example/x.png) *&amp;*'
)


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    """A window of its own; anything beyond this machine is refused."""
    context = chromium.new_context(viewport={"width": 1280, "height": 1180})
    context.set_default_timeout(LONG_S * 1000)
    expect.set_options(timeout=LONG_S * 1000)
    context.route(lambda url: "//127.0.0.1" not in url, lambda route: route.abort())
    yield context.new_page()
    context.close()


@pytest.fixture
def picture(tmp_path: Path) -> Callable[[Page, str], None]:
    """Take a picture: for the documentation where WIRECOPY_PICTURES is set, else to throw away."""

    def take(page: Page, name: str) -> None:
        folder = ROOT / "docs" / "images" if os.environ.get("WIRECOPY_PICTURES") else tmp_path
        page.screenshot(path=folder / f"{name}.png")

    return take


@pytest.fixture(scope="module")
def warc(tmp_path_factory: pytest.TempPathFactory, html_page: Compose) -> Path:
    """Two publishers with the same text under a headline that means harm, and a page that is none."""
    path = tmp_path_factory.mktemp("in") / "crawl.warc.gz"
    harmful = html_page("paper mill").replace(
        "Paper mill opens after long repairs", HOSTILE.replace("&", "&amp;").replace("<", "&lt;")
    )
    pages = {
        "https://www.harrowvale.example/mill": harmful,
        "https://www.portalder.example/mill": harmful,
        "https://www.portalder.example/none": "<p>No.</p>",
    }
    return write_warc(path, pages, "2026-03-01T12:00:00Z")


def pick(page: Page, field: str, day: str) -> None:
    """Choose a day as one types it."""
    page.get_by_label(field, exact=True).click()
    popover = page.locator('[data-slot="popover-content"][data-state="open"]')
    popover.get_by_placeholder("yyyy-MM-dd").fill(day)
    popover.get_by_placeholder("yyyy-MM-dd").press("Enter")
    page.keyboard.press("Escape")
    popover.wait_for(state="detached")


def add_item(page: Page) -> None:
    """Make room for an item of a list; a click on a form that is just drawn anew is lost."""
    area = page.locator("textarea").first
    for _ in range(20):
        page.get_by_role("button", name="Add item").click()
        with suppress(NotInTime):
            area.wait_for(timeout=LONG_S * 1000 / 20)
            return
    raise AssertionError("the form has no room for an item")


def submit(page: Page) -> str:
    """Send the form; the id of the run it made."""
    with page.expect_response(lambda answer: "create_flow_run" in answer.url) as sent:
        page.get_by_role("button", name="Submit").click()
    return str(sent.value.json()["id"])


def wait_for_state(page: Page, state: str) -> None:
    """Watch the run's page, which follows the run by itself."""
    expect(page.locator('[data-slot="badge"]').filter(has_text=state).first).to_be_visible()


def test_a_backfill_is_filled_in_watched_and_found(
    served: Serving,
    page: Page,
    warc: Path,
    picture: Callable[[Page, str], None],
) -> None:
    """From the list of deployments to the rows in the published copy."""
    page.goto(f"{served.ui_url}/v2/deployments")
    page.locator('a[href*="/deployments/deployment/"]').filter(has_text="backfill").first.click()
    page.get_by_role("button", name="Run", exact=True).click()
    page.get_by_role("menuitem", name="Custom run").click()
    pick(page, "since", "2026-02-01")
    pick(page, "until", "2026-03-31")
    page.get_by_role("button", name="Select archive").click()
    page.get_by_role("option", name="warc", exact=True).click()
    add_item(page)
    page.locator("textarea").first.fill("crawls/2026-03.warc.gz")
    picture(page, "backfill-form")
    page.locator("textarea").first.fill(str(warc))
    run_id = submit(page)
    page.goto(f"{served.ui_url}/v2/runs/flow-run/{run_id}")
    wait_for_state(page, "Completed")
    page.get_by_role("tab", name="Artifacts").click()
    expect(page.get_by_text("backfill-outcomes")).to_be_visible()
    picture(page, "backfill-run")
    page.get_by_text("backfill-summary").first.click()
    page.locator('a[href*="/artifacts/artifact/"]').first.click()
    expect(page.get_by_role("heading", name="Clusters")).to_be_visible()
    _is_shown_as_written(page)

    with duckdb.connect(str(served.home / "news.duckdb"), read_only=True) as con:
        rows = con.execute(
            """
            select articles.url, articles.headline, members.role
            from articles
            inner join cluster_members as members on articles.article_id = members.article_id
            where articles.url like '%/mill' order by 1
            """
        ).fetchall()
    assert [(url, headline) for url, headline, _ in rows] == [
        ("https://www.harrowvale.example/mill", HOSTILE),
        ("https://www.portalder.example/mill", HOSTILE),
    ]
    assert {role for _, _, role in rows} == {"origin", "reprint"}

    found = served.artifacts(run_id)
    assert set(found) == {
        f"backfill-{what}" for what in ("progress", "outcomes", "summary", "again")
    }
    assert float(found["backfill-progress"]["data"]) == 100
    table = json.loads(found["backfill-outcomes"]["data"])
    counted = {(row["outcome"], row["reason"]): row["inputs"] for row in table}
    assert counted[("loaded", "")] == 2
    assert sum(counted.values()) == 3
    assert [line for line in served.logs(run_id) if "www.portalder.example/none" in line]

    page.get_by_role("link", name="Fill in the form again").click()
    expect(page.get_by_role("button", name="Submit")).to_be_visible()
    expect(page.locator("textarea").first).to_have_value(str(warc))
    expect(page.get_by_label("since", exact=True)).to_contain_text("February 1st, 2026")


def _is_shown_as_written(page: Page) -> None:
    """The hostile headline is one cell of text with a link to its article, and nothing else."""
    cell = page.locator("td").filter(has_text="Mill").first
    shown = cell.inner_text().replace("\u2060", "")
    assert shown == HOSTILE
    assert page.locator("td script, td img, td h1, td em").count() == 0
    hrefs = [a.get_attribute("href") or "" for a in page.locator("td a").all()]
    assert hrefs
    assert {href.partition("?")[0] for href in hrefs} <= {
        "https://www.harrowvale.example/mill",
        "https://www.portalder.example/mill",
    }


def form_of(served: Serving, **parameters: object) -> str:
    """The address of the backfill form, filled in."""
    place = f"{served.ui_url}/v2/deployments/deployment/{served.deployment('backfill')['id']}/run"
    return f"{place}?parameters={quote(json.dumps(parameters))}"


def test_bad_input_is_told_in_the_form_or_on_the_run(served: Serving, page: Page) -> None:
    """What a schema can say in the form; a range that ends before it begins within seconds."""
    count = served.asked_for()
    page.goto(form_of(served, since="2026-03-01", until="2026-03-31", sources=["nobody"]))
    page.get_by_role("button", name="Submit").click()
    expect(page.get_by_text("'nobody' is not one of").first).to_be_visible()
    assert served.asked_for() == count

    page.goto(form_of(served, since="2026-03-31", until="2026-03-01"))
    expect(page.get_by_label("until", exact=True)).to_contain_text("March 1st, 2026")
    run_id = submit(page)
    assert served.asked_for() == count + 1
    page.goto(f"{served.ui_url}/v2/runs/flow-run/{run_id}")
    wait_for_state(page, "Failed")
    sentence = "The range ends before it begins: 2026-03-31 to 2026-03-01."
    page.get_by_role("tab", name="Details").click()
    expect(page.get_by_text("State Message")).to_be_visible()
    expect(page.get_by_text(sentence).first).to_be_visible()
    wait_for(lambda: sentence in served.logs(run_id), "the sentence in the logs")
    page.goto(f"{served.ui_url}/v2/runs/flow-run/{run_id}")  # it does not wait for late lines
    expect(page.get_by_text(sentence).first).to_be_visible()
    run = served.ended(run_id)
    assert [line for line in served.logs(run_id) if "Traceback" in line] == []
    assert run["state"]["message"] == sentence
    assert run["total_run_time"] < 30
    assert served.artifacts(run_id) == {}


@pytest.mark.parametrize(
    ("parameters", "sentence"),
    [
        ({"since": "2199-01-01", "until": "2199-01-02"}, "2199-01-01 lies in the future"),
        (
            {
                "since": "2026-01-01",
                "until": "2026-01-02",
                "archive": "warc",
                "paths": ["/gone.warc"],
            },
            "There is no file or folder '/gone.warc'",
        ),
    ],
)
def test_what_only_the_flow_can_know_is_in_its_state(
    served: Serving, parameters: dict[str, object], sentence: str
) -> None:
    """One sentence; no run is recorded and nothing written."""
    run = served.run("backfill", **parameters)

    assert run["state_name"] == "Failed"
    assert run["state"]["message"].startswith(sentence)
    assert "\n" not in run["state"]["message"]
    assert served.artifacts(run["id"]) == {}


def test_a_dry_run_says_what_it_would_do_and_does_nothing(served: Serving, warc: Path) -> None:
    """Units, megabytes and minutes on the run's page; no run is recorded in the warehouse."""
    days = {"since": "2026-02-02", "until": "2026-03-30"}
    run = served.run("backfill", **days, archive="warc", paths=[str(warc)], dry_run=True)

    assert run["state_name"] == "Completed"
    found = served.artifacts(run["id"])
    assert set(found) == {"backfill-summary", "backfill-again"}
    page = found["backfill-summary"]["data"]
    assert "Nothing was written." in page
    assert "| units | 1 |" in page
    recorded = "select count(*) from ops.runs where prefect_flow_run_id = $run"
    live = served.home / "live" / "news.duckdb"
    if live.exists():
        with duckdb.connect(str(live), read_only=True) as con:
            assert con.execute(recorded, {"run": run["id"]}).fetchall() == [(0,)]
