"""Backfills from WARC files: what belongs to a range, what is done is not done again, kills."""

from __future__ import annotations

import gzip
import json
import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from flows.backfill.backfill import backfill, told
from flows.backfill.request import BackfillRequest, checked
from flows.errors import BadRequest
from flows.ingest import ingest
from flows.publish import audit
from flows.settings import Settings

Row = tuple[object, ...]
Ask = Callable[[Path, str], list[Row]]
Contents = Callable[[Path], dict[str, list[str]]]
Compose = Callable[[str], str]
Wirecopy = Callable[..., "subprocess.CompletedProcess[str]"]

ROOT = Path(__file__).resolve().parents[2]
TODAY = date(2026, 3, 20)
SOURCES = """
[[source]]
slug = "harbour-post"
url = "https://harbour.example/rss"
kind = "feed"

[[source]]
slug = "valley-times"
url = "https://valley.example/rss"
kind = "feed"
"""


def day(number: int) -> date:
    """A day of March 2026."""
    return date(2026, 3, number)


def request(since: int, until: int, **more: object) -> BackfillRequest:
    """A request for days of March 2026."""
    return BackfillRequest(day(since), day(until), **more)  # type: ignore[arg-type]


def record(url: str, body: str, captured: int, *, published: int | None = None) -> bytes:
    """A WARC record as one gzip member; days are of March 2026."""
    at = datetime(2026, 3, captured, 12, tzinfo=UTC).isoformat().replace("+00:00", "Z")
    meta = ""
    if published is not None:
        meta = (
            f'<meta property="article:published_time" content="2026-03-{published:02}T08:00:00Z">'
        )
    page = body.replace("<head>", f"<head>{meta}", 1).encode()
    head = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n"
    block = head + page
    lines = (
        f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: {url}\r\nWARC-Date: {at}\r\n"
        f"Content-Type: application/http; msgtype=response\r\nContent-Length: {len(block)}\r\n\r\n"
    )
    return gzip.compress(lines.encode() + block + b"\r\n\r\n", mtime=0)


@pytest.fixture
def settings(home: Path) -> Settings:
    """Two sources."""
    home.mkdir(parents=True)
    (home / "sources.toml").write_text(SOURCES)
    return Settings(home=home, workers=1)


@pytest.fixture
def archive(tmp_path: Path, html_page: Compose) -> Path:
    """A WARC with twelve pages of two sites and one other, captured a day after publication."""
    path = tmp_path / "archive" / "a.warc.gz"
    path.parent.mkdir()
    members = []
    for number in range(1, 13):
        site = ("harbour", "valley", "other")[number % 3]
        url = f"https://{site}.example/news/{number}"
        members.append(
            record(url, html_page(f"ferry number {number}"), number + 1, published=number)
        )
    path.write_bytes(b"".join(members))
    return path


def failed_checks(settings: Settings) -> list[str]:
    """The checks that do not pass."""
    return [result.name for result in audit(settings) if not result.passed]


def days_of(ask: Ask, settings: Settings) -> list[object]:
    """The days of March on which what is held was published."""
    sql = "select day(published_at)::int from articles order by 1"
    return [number for (number,) in ask(settings.home, sql)]


def test_the_range_is_of_publication_and_not_of_capture(
    settings: Settings, archive: Path, ask: Ask
) -> None:
    """Captured on the 5th to 8th: published on the 4th to 7th, and these are the days that count."""
    summary = backfill(settings, request(5, 7, archive="warc", paths=(str(archive),)))
    assert days_of(ask, settings) == [5, 6, 7]
    assert summary.states["loaded"] == 3
    assert summary.reasons["outside_range"] == summary.states["skipped"]
    rows = ask(
        settings.home, "select distinct detail from ops.entries where reason = 'outside_range'"
    )
    assert all("outside the range 2026-03-05 to 2026-03-07" in str(row[0]) for row in rows)
    assert ask(settings.home, "select count(*) from raw.pages") == [(3,)]
    assert (summary.is_done, summary.published) == (True, True)
    assert failed_checks(settings) == []


def test_what_was_done_is_not_done_again_unless_forced(
    settings: Settings, archive: Path, contents: Contents
) -> None:
    """A second run reads no unit; a forced one reads all and changes no article."""
    asked = request(1, 12, archive="warc", paths=(str(archive.parent),))
    first = backfill(settings, asked, publish_after=False)
    before = contents(settings.home)
    again = backfill(settings, asked, publish_after=False)
    assert contents(settings.home) == before
    assert (first.states["loaded"], again.inputs, again.units_before) == (12, 0, 1)
    assert "Nothing of these days was found that is new." in told(again)
    forced = backfill(settings, replace(asked, force=True), publish_after=False)
    after = contents(settings.home)
    assert forced.states["duplicate"] == 12
    assert after["main.articles"] == before["main.articles"]
    assert after["raw.pages"] == before["raw.pages"]
    assert failed_checks(settings) == []


def test_overlapping_backfills_give_the_tables_of_one(
    settings: Settings, archive: Path, public: Contents, tmp_path: Path
) -> None:
    """The later days first."""
    paths = (str(archive),)
    homes = []
    for name, ranges in {"one": [(2, 9)], "two": [(5, 9), (2, 6)]}.items():
        each = replace(settings, home=tmp_path / name)
        for since, until in ranges:
            backfill(each, request(since, until, archive="warc", paths=paths), publish_after=False)
        homes.append(public(each.home))
    assert homes[0] == homes[1]
    assert len(homes[0]["articles"]) == 8
    assert failed_checks(each) == []


def test_only_the_sources_asked_for(settings: Settings, archive: Path, ask: Ask) -> None:
    """Pages of other sites are passed by and counted; entries name the source."""
    asked = request(1, 12, archive="warc", paths=(str(archive),), sources=("harbour-post",))
    summary = backfill(settings, asked, publish_after=False)
    assert ask(settings.home, "select distinct host from publishers") == [("harbour.example",)]
    assert (summary.inputs, summary.passed) == (4, 8)
    slugs = "select distinct slug from ops.entries join sources using (source_id)"
    assert ask(settings.home, slugs) == [("harbour-post",)]


DRIVER = """
import sys
from datetime import date
from pathlib import Path
from flows.backfill.backfill import backfill
from flows.backfill.request import BackfillRequest
from flows.settings import Settings
backfill(
    Settings(home=Path(sys.argv[1]), workers=1, batch_entries=2),
    BackfillRequest(date(2026, 3, 1), date(2026, 3, 10), archive="warc", paths=(sys.argv[2],)),
    watch=lambda summary: print("batch", flush=True),
)
"""


def test_killed_in_mid_backfill_and_run_again_it_ends_as_if_undisturbed(
    settings: Settings,
    archive: Path,
    ask: Ask,
    public: Contents,
    environment: Mapping[str, str],
    tmp_path: Path,
) -> None:
    """SIGKILL after two batches; what was committed is not read again."""
    undisturbed = replace(settings, home=tmp_path / "undisturbed", batch_entries=2)
    asked = request(1, 10, archive="warc", paths=(str(archive),))
    whole = backfill(undisturbed, asked, publish_after=False)
    with subprocess.Popen(
        [sys.executable, "-c", DRIVER, str(settings.home), str(archive)],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        for _ in range(2):
            assert process.stdout.readline() == "batch\n"
        process.kill()
    [(state, entries, offset)] = ask(
        settings.home, "select state, entry_count, byte_offset from ops.backfill_units"
    )
    assert state == "open"
    assert int(str(entries)) >= 4
    assert int(str(offset)) > 0
    assert failed_checks(settings) == []
    rest = backfill(settings, asked, publish_after=False)
    assert rest.inputs == whole.inputs - int(str(entries))
    assert public(settings.home) == public(undisturbed.home)
    for sql in (
        "select fetch_id, position, outcome, reason from ops.entries order by all",
        "select * exclude (run_id) from ops.fetches",
        "select * exclude (run_id, changed_at) from ops.backfill_units",
    ):
        assert ask(settings.home, sql) == ask(undisturbed.home, sql)
    assert failed_checks(settings) == []


def test_landed_captures_are_loaded_where_the_tables_have_lost_them(
    settings: Settings, archive: Path, public: Contents, tmp_path: Path
) -> None:
    """Captures put back from elsewhere become articles once; files that grow are read on."""
    folder = settings.home / "raw" / "2026-03-14"
    folder.mkdir(parents=True)
    own = folder / "wirecopy-20260314-00001.warc.gz"
    members = archive.read_bytes()
    half = members.index(b"\x1f\x8b\x08", len(members) // 2)
    own.write_bytes(members[:half])
    asked = request(1, 12)
    first = backfill(settings, asked, publish_after=False)
    own.write_bytes(members + members[: len(members) // 30])  # torn at its end by a kill
    second = backfill(settings, asked, publish_after=False)
    third = backfill(settings, asked, publish_after=False)
    assert first.states["loaded"] + second.states["loaded"] == 12
    assert (first.states["quarantined"], second.states["quarantined"], third.inputs) == (0, 0, 0)
    ingest_home = replace(settings, home=tmp_path / "ingested")
    ingest(ingest_home, [archive], publish_after=False)
    assert public(settings.home) == public(ingest_home.home)
    assert failed_checks(settings) == []


def test_a_dry_run_writes_nothing(settings: Settings, archive: Path) -> None:
    """Units, bytes and minutes are told; the data folder stays as it is."""
    before = sorted(path.name for path in settings.home.rglob("*"))
    asked = request(1, 12, archive="warc", paths=(str(archive),), dry_run=True)
    summary = backfill(settings, asked)
    assert sorted(path.name for path in settings.home.rglob("*")) == before
    assert summary.plan is not None
    plan = summary.plan.as_json()
    assert (plan["units"], plan["requests"]) == (1, 0)
    assert plan["megabytes"] == round(archive.stat().st_size / 1e6, 1)
    assert "Nothing was written." in told(summary)


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        (request(9, 3), "The range ends before it begins: 2026-03-09 to 2026-03-03."),
        (BackfillRequest(day(1), date(2031, 1, 1)), "2031-01-01 lies in the future"),
        (BackfillRequest(date(1066, 1, 1), day(1)), "1066-01-01 lies before the web"),
        (request(1, 2, sources=("harbor-post",)), "did you mean 'harbour-post'?"),
        (request(1, 2, sources=("zzz",)), "`wirecopy sources list` shows the 2 there are."),
        (request(1, 2, archive="warc", paths=("/nowhere/x.warc.gz",)), "no file or folder"),
        (request(1, 2, archive="warc", paths=(__file__,)), "is no WARC file"),
        (request(1, 2, archive="warc"), "name at least one source"),
        (request(1, 2, archive="wayback"), "is searched by source"),
        (request(1, 2, archive="sitemap"), "is searched by source"),
        (request(1, 2, paths=("a.warc",)), "Paths do not go with the archive 'landed'"),
        (request(1, 2, archive="attic"), "There is no archive 'attic'"),
        (
            request(1, 2, archive="sitemap", sources=("harbour-post",), paths=("a.xml",)),
            "'a.xml' is no address of a sitemap",
        ),
    ],
)
def test_a_bad_request_is_one_sentence_and_writes_nothing(
    settings: Settings, asked: BackfillRequest, message: str
) -> None:
    """Checked before anything is opened."""
    before = sorted(settings.home.rglob("*"))
    with pytest.raises(BadRequest) as told_why:
        checked(settings, asked, today=TODAY)
    assert message in str(told_why.value)
    assert "\n" not in str(told_why.value)
    assert sorted(settings.home.rglob("*")) == before


def test_damage_in_an_archive_costs_one_entry(settings: Settings, archive: Path, ask: Ask) -> None:
    """What follows is read, and a second run begins behind it."""
    content = bytearray(archive.read_bytes())
    third = [n for n in range(len(content)) if content[n : n + 3] == b"\x1f\x8b\x08"][2]
    content[third + 40 : third + 60] = os.urandom(20)
    archive.write_bytes(content)
    asked = request(1, 12, archive="warc", paths=(str(archive),))
    summary = backfill(settings, asked, publish_after=False)
    assert (summary.states["loaded"], summary.states["quarantined"]) == (11, 1)
    assert ask(settings.home, "select state from ops.backfill_units") == [("done",)]
    assert failed_checks(settings) == []


def test_the_command_line_says_what_is_wrong_in_one_sentence(
    wirecopy: Wirecopy, settings: Settings, archive: Path
) -> None:
    """Exit code 2 for a wrong request, 0 for a plan as one JSON object; nothing is written."""
    days = ("--since", "2026-03-01", "--until", "2026-03-09", "--home", settings.home)
    before = sorted(settings.home.rglob("*"))
    wrong = wirecopy("backfill", *days, "--source", "harbour")
    assert wrong.returncode == 2
    assert wrong.stderr.splitlines()[-1].startswith("wirecopy: There is no source 'harbour'")
    plan = wirecopy(
        "backfill", *days, "--archive", "warc", "--path", archive, "--dry-run", "--json"
    )
    assert plan.returncode == 0, plan.stderr
    assert json.loads(plan.stdout)["plan"]["units"] == 1
    assert sorted(settings.home.rglob("*")) == before
