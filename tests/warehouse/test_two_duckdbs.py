"""What one version of DuckDB writes and publishes the other reads and goes on writing, both ways.

`make test-duckdb2` gives the interpreter of the other environment.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from warehouse.connection import LIVE, PUBLISHED

_ROOT = Path(__file__).parents[2]
_OTHER = os.environ.get("WIRECOPY_OTHER_PYTHON", "")

_READ = """
import json
import sys
import duckdb

with duckdb.connect(sys.argv[1], read_only=True) as con:
    con.execute("set TimeZone = 'UTC'")
    names = con.execute(
        "select schema_name || '.' || table_name from duckdb_tables() where not internal union all"
        " select schema_name || '.' || view_name from duckdb_views() where not internal order by all"
    ).fetchall()
    rows = {
        name: [str(row) for row in con.execute(f"select columns(*)::varchar from {name} order by all").fetchall()]
        for (name,) in names
    }
print(json.dumps([duckdb.__version__, rows]))
"""

_WRITE = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from warehouse.connection import transaction, writer
from warehouse.migrate import migrate
from warehouse.snapshot import publish

home = Path(sys.argv[1])
with writer(home, wait_s=5) as con:
    migrate(con, datetime(2026, 1, 1, tzinfo=UTC))
    with transaction(con):
        con.execute("insert into article_tags by name"
            " select article_id, 'said by ' || $who as tag from articles", {"who": sys.argv[2]})
    publish(con, home)
"""


def _run(python: str, code: str, *arguments: object) -> str:
    command = [python, "-c", code, *map(str, arguments)]
    return subprocess.run(command, cwd=_ROOT, check=True, stdout=subprocess.PIPE, text=True).stdout


@pytest.mark.skipif(not _OTHER, reason="WIRECOPY_OTHER_PYTHON names no other environment")
def test_a_file_passes_between_two_versions(filled_home: Path) -> None:
    """Each writes in turn what the other wrote before; both read all tables and views alike."""
    seen = []
    for turn, python in enumerate((sys.executable, _OTHER, sys.executable, _OTHER)):
        _run(python, _WRITE, filled_home, f"{turn}")
        for file in (PUBLISHED, LIVE):
            ours, theirs = (
                json.loads(_run(reading, _READ, filled_home / file))
                for reading in (sys.executable, _OTHER)
            )
            assert ours[1] == theirs[1]
            seen.append((ours[0], theirs[0], len(ours[1]["main.article_tags"])))
    versions = {each[:2] for each in seen}

    assert len(versions) == 1
    assert {version.split(".")[0] for version in versions.pop()} == {"1", "2"}
    assert [count for _, _, count in seen] == sorted(count for _, _, count in seen)
    assert duckdb.__version__ in seen[0]
