"""A folder with everything that can be wrong in it, through the command, as a person would run it."""

from __future__ import annotations

import gzip
import io
import json
import os
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pytest
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from warehouse.connection import PUBLISHED

Wirecopy = Callable[..., "subprocess.CompletedProcess[str]"]
Ask = Callable[[Path, str], list[tuple[object, ...]]]
Compose = Callable[[str], str]

MARKER = "zugzwang-outside-the-folder"
ODD_NAME = 'it\'s "odd"\nname; drop table articles;--.txt'


@dataclass(frozen=True)
class Outcome:
    """What the run left."""

    run: subprocess.CompletedProcess[str]
    home: Path
    folder: Path


@pytest.fixture(scope="module")
def outcome(
    tmp_path_factory: pytest.TempPathFactory,
    wirecopy: Wirecopy,
    article_text: Compose,
    html_page: Compose,
) -> Outcome:
    """One run on the folder; a link in it points outside, to a folder with a pipe and an article."""
    top = tmp_path_factory.mktemp("hostile")
    outside, folder, home = top / "outside", top / "in", top / "home"
    outside.mkdir()
    folder.mkdir()
    (outside / "secret.txt").write_text(article_text(MARKER))
    os.mkfifo(outside / "pipe.txt")

    def put(name: str, content: str | bytes) -> None:
        path = Path(os.fsdecode(os.fsencode(folder) + b"/" + os.fsencode(name)))
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)

    put("good.txt", article_text("lock bridge"))
    put("sub/good.html", html_page("corn market"))
    put("packed.html.gz", gzip.compress(html_page("night ferry").encode()))
    put(ODD_NAME, article_text("old quarry"))
    put(os.fsdecode(b"caf\xe9.txt"), article_text("cafe on the square"))
    put("empty.txt", "")
    put("binary.txt", bytes(range(256)) * 40)
    put("picture.jpg", b"\xff\xd8\xff")
    put("short.txt", "A headline\n\nThree words only")
    put("named.warc", html_page("misnamed page"))
    lines = [json.dumps({"id": f"gz-{n}", "text": article_text(f"mill {n}")}) for n in range(40)]
    put("cut.jsonl.gz", gzip.compress("\n".join(lines).encode(), mtime=0)[:-200])
    good = json.dumps({"url": "https://e.example/j", "text": article_text("jetty")})
    put("mixed.jsonl", f"{good}\n{{no json}}\n[]\n")
    out = io.BytesIO()
    writer = WARCWriter(out, gzip=True)
    for number, status in enumerate(("200 OK", "404 Not Found")):
        http = StatusAndHeaders(status, [("Content-Type", "text/html")], protocol="HTTP/1.1")
        body = io.BytesIO(html_page(f"archive {number}").encode())
        url = f"https://w.example/{number}"
        record = writer.create_warc_record(url, "response", payload=body, http_headers=http)
        writer.write_record(record)
        record.raw_stream.close()
    put("archive.warc.gz", out.getvalue()[:-5] + b"WARC")
    os.mkfifo(folder / "pipe.txt")
    (folder / "link.txt").symlink_to(outside / "secret.txt")
    (folder / "linked").symlink_to(outside)
    (folder / "self").symlink_to(folder)
    return Outcome(wirecopy("ingest", folder, "--home", home, "--json"), home, folder)


def test_the_run_ends_well_and_says_nothing_but_its_progress(outcome: Outcome) -> None:
    """Exit code 0, one JSON object on stdout, no traceback and no library's voice on stderr."""
    assert outcome.run.returncode == 0
    counts = json.loads(outcome.run.stdout)
    assert counts["published"]
    said = outcome.run.stderr.splitlines()
    assert all(line.startswith("Without a Prefect server") or " inputs: " in line for line in said)


def test_every_good_article_is_loaded(outcome: Outcome, ask: Ask) -> None:
    """From text, HTML, gzip, JSONL and WARC, whatever the file is called."""
    found = {str(row[0]) for row in ask(outcome.home, "select headline from articles")}
    expected = "lock bridge,corn market,night ferry,old quarry,cafe on the square,jetty,archive 0"
    wanted = {f"{subject.capitalize()} opens after long repairs" for subject in expected.split(",")}
    assert wanted <= found
    assert all(headline in wanted or headline.startswith("Mill ") for headline in found)
    assert len(found) > len(wanted) + 20  # most lines of the archive that was cut short


def test_every_bad_input_is_in_the_ledger_with_its_reason(outcome: Outcome, ask: Ask) -> None:
    """Each is a row of the ledger and an entry of its file, both with the reason."""
    rows = ask(
        outcome.home,
        """
        select regexp_extract(ledger.url_key, '[^/]*$'), ledger.reason, entries.detail
        from ops.ledger as ledger inner join ops.entries as entries using (ledger_id)
        where ledger.state in ('skipped', 'quarantined')
        """,
    )
    reasons = {str(name): reason for name, reason, _ in rows}
    cut = [name for name in reasons if name.startswith("cut.jsonl.gz#line=")]
    assert len(cut) == 1
    assert reasons.pop(cut[0]) == "truncated"
    archive = [name for name in reasons if name == "1" or name.startswith("archive.warc.gz")]
    assert {reasons.pop(name) for name in archive} <= {"http_status", "truncated", "invalid_record"}
    assert archive
    assert reasons == {
        "empty.txt": "empty",
        "binary.txt": "binary",
        "picture.jpg": "unsupported_type",
        "short.txt": "too_short",
        "named.warc#offset=0": "invalid_record",
        "mixed.jsonl#line=2": "invalid_json",
        "mixed.jsonl#line=3": "invalid_record",
        "pipe.txt": "not_a_regular_file",
        "link.txt": "outside_folder",
        "linked": "outside_folder",
        "self": "outside_folder",
    }
    assert all(detail for _, _, detail in rows)


def test_the_counts_balance(outcome: Outcome, ask: Ask) -> None:
    """What the run reports is what the entries say, and each input is counted once."""
    counts = json.loads(outcome.run.stdout)
    states = dict(ask(outcome.home, "select outcome, count(*) from ops.entries group by all"))
    assert counts["inputs"] == sum(int(str(n)) for n in states.values())
    for state in ("loaded", "skipped", "quarantined"):
        assert counts[state] == states[state]
    assert sum(counts["reasons"].values()) == counts["skipped"] + counts["quarantined"]


def test_nothing_outside_the_folder_is_in_any_table(outcome: Outcome, ask: Ask) -> None:
    """Neither the words of the article behind the link nor the names beside it."""
    tables = ask(
        outcome.home, "select schema_name, table_name from duckdb_tables() where not internal"
    )
    assert len(tables) > 20
    for schema, table in tables:
        rows = ask(outcome.home, f"select * from {schema}.{table}")  # noqa: S608 - names of tables
        assert MARKER not in str(rows).lower()
        assert "secret" not in str(rows)


def test_what_readers_get_is_what_was_loaded(outcome: Outcome, ask: Ask) -> None:
    """The published copy is there and holds the same articles."""
    with duckdb.connect(str(outcome.home / PUBLISHED), read_only=True) as con:
        published = con.execute(
            "select article_id, body_sha256 from articles order by 1"
        ).fetchall()
    assert published == ask(outcome.home, "select article_id, body_sha256 from articles order by 1")


def test_the_audit_passes_and_a_second_run_finds_nothing_new(
    outcome: Outcome, wirecopy: Wirecopy
) -> None:
    """Bad inputs do not come back as new ones."""
    audit = wirecopy("audit", "--home", outcome.home)
    assert audit.returncode == 0, audit.stdout
    again = wirecopy("ingest", outcome.folder, "--home", outcome.home)
    assert again.returncode == 0
    inputs = json.loads(outcome.run.stdout)["inputs"]
    assert again.stdout == f"Nothing new: all {inputs} inputs are as they were.\n"
