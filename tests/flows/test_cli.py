"""The command as a process: exit codes, what goes to stdout, what is imported."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from warehouse.connection import LIVE, PUBLISHED

Wirecopy = Callable[..., "subprocess.CompletedProcess[str]"]
Compose = Callable[[str], str]

ROOT = Path(__file__).resolve().parents[2]
HOSTILE = "\x1b]0;owned\x07 <script>alert(1)</script> = 1+1"


@pytest.fixture(scope="module")
def built(
    tmp_path_factory: pytest.TempPathFactory, wirecopy: Wirecopy, article_text: Compose
) -> Path:
    """A data folder with one article whose headline is hostile; tests only read it."""
    top = tmp_path_factory.mktemp("built")
    record = {
        "id": "a",
        "text": article_text("mill"),
        "headline": HOSTILE,
        "authors": ["Jo\x00 Ho"],
    }
    (top / "a.jsonl").write_text(json.dumps(record))
    done = wirecopy("ingest", top / "a.jsonl", "--json", env={"WIRECOPY_HOME": str(top / "home")})
    assert done.returncode == 0, done.stderr
    summary = json.loads(done.stdout)
    assert (summary["inputs"], summary["loaded"]) == (1, 1)
    return top / "home"


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["--help"], 0),
        (["ingest", "--help"], 0),
        (["--version"], 0),
        (["ingest", "/nonexistent/path", "--home", "HOME"], 2),
        (["ingest", "--unknown"], 2),
        (["unknown"], 2),
        (["sql", "select 1", "--home", "HOME"], 1),
        (["audit", "--home", "HOME"], 1),
        (["publish", "--home", "HOME"], 1),
        (["sql", "select 1", "--home", "FILE"], 2),
    ],
)
def test_exit_codes_and_one_sentence_without_a_data_folder(
    wirecopy: Wirecopy, tmp_path: Path, arguments: list[str], code: int
) -> None:
    """0 done, 1 failed, 2 a wrong command line; an error is told on stderr, without a traceback."""
    (tmp_path / "file").write_text("")
    places = {"HOME": str(tmp_path / "home"), "FILE": str(tmp_path / "file")}
    done = wirecopy(*(places.get(word, word) for word in arguments))
    assert done.returncode == code, done
    assert "Traceback" not in done.stderr
    if code:
        assert done.stdout == ""
        assert done.stderr
    if code == 1:
        assert done.stderr.count("\n") == 1
        assert done.stderr.startswith("wirecopy: ")
        assert "wirecopy ingest" in done.stderr
    assert not (tmp_path / "home" / LIVE).exists()


@pytest.mark.parametrize("arguments", [["audit"], ["publish"], ["sql", "from articles"]])
def test_json_is_one_object_on_stdout(
    wirecopy: Wirecopy, built: Path, arguments: list[str]
) -> None:
    """Nothing else is on stdout, so that a program can read it."""
    done = wirecopy(*arguments, "--json", "--home", built)
    assert done.returncode == 0, done.stderr
    assert isinstance(json.loads(done.stdout), dict)
    assert done.stdout.count("\n") == 1


def test_hostile_text_comes_out_harmless(wirecopy: Wirecopy, built: Path) -> None:
    """A headline cannot steer the terminal; in JSON it is the text itself."""
    table = wirecopy("sql", "select headline from articles", "--home", built)
    assert "<script>" in table.stdout
    assert "\\x1b]0;owned\\x07" in table.stdout
    assert not set(table.stdout) & {"\x1b", "\x07", "\x00"}
    raw = wirecopy("sql", "select headline from articles", "--home", built, "--json")
    assert json.loads(raw.stdout)["rows"] == [{"headline": HOSTILE}]
    failed = wirecopy("sql", "select headline::int from articles", "--home", built)
    assert failed.returncode == 1
    assert not set(failed.stderr) & {"\x1b", "\x07"}
    assert "Traceback" not in failed.stderr


def test_queries_may_come_from_standard_input(wirecopy: Wirecopy, built: Path) -> None:
    """Each ended by a semicolon; one that fails ends it with exit code 1."""
    done = wirecopy("sql", "--home", built, stdin="select 1 as a\n;\nselect 2 as b;\nselect 3 as c")
    assert done.returncode == 0
    assert [line for line in done.stdout.splitlines() if line in "123"] == ["1", "2", "3"]
    failed = wirecopy("sql", "--home", built, stdin="select 1 as a;\nselec;\nselect 2 as b;\n")
    assert failed.returncode == 1
    assert failed.stdout.startswith("a\n")
    assert "b\n" not in failed.stdout


def test_audit_and_publish_fail_on_broken_tables_and_readers_keep_their_copy(
    wirecopy: Wirecopy, built: Path, tmp_path: Path
) -> None:
    """A member without its article, by hand: both exit with 1 and name the check."""
    home = tmp_path / "home"
    for name in (LIVE, PUBLISHED):
        (home / name).parent.mkdir(parents=True, exist_ok=True)
        (home / name).write_bytes((built / name).read_bytes())
    with duckdb.connect(str(home / LIVE)) as con:
        con.execute("insert into cluster_members values ('0000000000000000', '0', 'reprint', null)")
    before = (home / PUBLISHED).read_bytes()
    audit = wirecopy("audit", "--home", home)
    assert audit.returncode == 1
    assert "FAILED membership_total: 1 rows." in audit.stdout
    checks = json.loads(wirecopy("audit", "--home", home, "--json").stdout)
    assert not checks["passed"]
    publish = wirecopy("publish", "--home", home)
    assert publish.returncode == 1
    assert "membership_total" in publish.stderr
    assert (home / PUBLISHED).read_bytes() == before


@pytest.mark.parametrize(
    ("arguments", "absent"),
    [
        (["--help"], "prefect trafilatura lxml pyarrow duckdb numpy rensa warcio rich"),
        (["ingest", "--help"], "prefect trafilatura lxml rensa warcio rich"),
        (["sql", "select 1", "--home", "BUILT"], "prefect trafilatura lxml rensa warcio rich"),
        (["audit", "--home", "BUILT"], "prefect trafilatura rensa warcio rich"),
    ],
)
def test_a_command_imports_only_what_it_needs(
    environment: dict[str, str], built: Path, arguments: list[str], absent: str
) -> None:
    """Prefect takes seconds to import; nothing that does not run a flow waits for it."""
    code = (
        "import sys\nfrom flows.cli import main\n"
        "try:\n    main(sys.argv[2:])\n"
        "except SystemExit as stop:\n    assert not stop.code, stop.code\n"
        "found = [name for name in sys.argv[1].split() if name in sys.modules]\n"
        "print('imported', found, file=sys.stderr)\n"
    )
    words = [str(built) if word == "BUILT" else word for word in arguments]
    done = subprocess.run(
        [sys.executable, "-c", code, absent, *words],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stderr.splitlines()[-1] == "imported []"


def test_a_home_named_in_bytes_that_are_no_utf8_works(
    wirecopy: Wirecopy, tmp_path: Path, article_text: Compose
) -> None:
    """A path on the command line may be any bytes; the run's parameters can still be stored."""
    folder = tmp_path / "caf\udce9"
    folder.mkdir()
    (folder / "a.txt").write_text(article_text("mill"))
    done = wirecopy("ingest", folder, "--home", tmp_path / "home", "--json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["loaded"] == 1


def test_names_of_sources_are_text(wirecopy: Wirecopy, tmp_path: Path) -> None:
    """A list from elsewhere may hold what a terminal would obey: it is written out, on both streams."""
    hostile = "=cmd|x &lt;script&gt; &#x202e;&#x9b;31m"
    (tmp_path / "feeds.opml").write_text(
        '<?xml version="1.0"?><opml version="2.0"><body>'
        f'<outline text="{hostile}" type="rss" xmlUrl="https://a.example/feed"/>'
        '<outline text="Fine" type="rss" xmlUrl="https://b.example/feed?&#x202e;"/>'
        f'<outline text="Off" type="rss" xmlUrl="{hostile}"/></body></opml>'
    )
    home = tmp_path / "home"
    shown = ""
    for words in (
        ("sources", "import", tmp_path / "feeds.opml"),
        ("sources", "list"),
        ("status",),
        ("sources", "remove", "\u202ex"),
    ):
        done = wirecopy(*words, "--home", home)
        shown += done.stdout + done.stderr

    assert "\\x202e" in shown
    assert [c for c in shown if not c.isprintable() and c != "\n"] == []
