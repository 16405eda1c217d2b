"""What giving readers a new copy costs: seconds, CPU, bytes written, peak memory, by size and way.

    python -m benchmarks.publish [--megabytes 100 1000 5000] [--folder DIR] [--write]

A file of each size holds texts that are not compressed, beside a small table that grows by a batch
before each publish. Each way runs in a process of its own, twice up to 1 GB. The file was just written,
so it is read from the page cache, and what is written is synced: the seconds are those of the disk's
writes. `bytes written` is what the process gave to the block layer.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import duckdb

from warehouse.connection import LIVE, PUBLISHED, writer
from warehouse.snapshot import publish

RESULT = Path(__file__).parent / "results" / "publish.md"
_BLOCK = 1 << 18
_DIGITS = "array_to_string(list_transform(range(31), lambda k: sha256(concat(i, '/', k))), '')"
_REPEATED = "repeat(chr(97 + (i % 26)::integer), 2000)"


def build(home: Path, megabytes: int) -> None:
    """Write a live file of about this size: rows of 2 KB, not compressed.

    Up to 100 MB they are digits that a way which writes rows anew cannot compress by much either.
    """
    body = _DIGITS if megabytes <= 100 else _REPEATED
    (home / LIVE).parent.mkdir(parents=True)
    config = {"storage_compatibility_version": "v1.5.0", "preserve_insertion_order": False}
    with duckdb.connect(str(home / LIVE), config=config) as con:
        con.execute("set force_compression = 'uncompressed'")
        con.execute("create table loads (i bigint)")
        con.execute(
            f"create table texts as select {body} as body from range($rows) as numbers (i)",  # noqa: S608 - our own
            {"rows": megabytes * 500},
        )


def _as_published(home: Path) -> None:
    with writer(home, wait_s=5) as con:
        publish(con, home)


def _plain(home: Path) -> None:
    draft = home / "draft"
    with (home / LIVE).open("rb") as source, draft.open("wb") as copy:
        shutil.copyfileobj(source, copy, 1 << 20)
        copy.flush()
        os.fsync(copy.fileno())
    draft.replace(home / PUBLISHED)


def _changed_parts(home: Path) -> None:
    """Into a spare copy, of which readers may still be reading: unsafe, measured for its cost."""
    spare = home / "spare"
    if not spare.exists():
        shutil.copy(home / PUBLISHED, spare)
    with (home / LIVE).open("rb") as source, spare.open("r+b") as copy:
        while new := source.read(_BLOCK):
            place = copy.tell()
            if copy.read(len(new)) != new:
                copy.seek(place)
                copy.write(new)
        os.fsync(copy.fileno())


def _from_database(home: Path) -> None:
    draft = home / "draft"
    draft.unlink(missing_ok=True)
    with writer(home, wait_s=5) as con:
        con.execute(f"attach '{draft}' as draft (storage_version 'v1.5.0')")
        con.execute("copy from database news to draft")
        con.execute("detach draft")
    draft.replace(home / PUBLISHED)


def _parquet(home: Path) -> None:
    """Everything anew, as after a change in every month."""
    with writer(home, wait_s=5) as con:
        for table in ("texts", "loads"):
            con.execute(
                f"copy {table} to '{home / table}.parquet' (compression zstd, row_group_size 2048)"
            )


_WAYS: dict[str, tuple[str, Callable[[Path], None]]] = {
    "publish": ("`warehouse.snapshot.publish` (copy_file_range)", _as_published),
    "plain": ("read and write through Python", _plain),
    "changed": ("changed parts into a spare copy (reads both)", _changed_parts),
    "database": ("`copy from database`", _from_database),
    "parquet": ("Parquet, every month changed", _parquet),
}


_SLOW = ("database", "parquet")
"""Minutes above 100 MB, where they are settled."""


def measure(home: Path, way: str) -> dict[str, float]:
    """One publish of a way, after a batch was loaded."""
    with writer(home, wait_s=5) as con:
        con.execute("insert into loads select range from range(100000)")
        con.execute("force checkpoint")
    written, began, cpu = _written(), time.monotonic(), time.process_time()
    _WAYS[way][1](home)
    return {
        "seconds": time.monotonic() - began,
        "cpu": time.process_time() - cpu,
        "written": _written() - written,
        "peak": _peak(),
    }


def _written() -> int:
    lines = Path("/proc/self/io").read_text().splitlines()
    return int(next(line for line in lines if line.startswith("write_bytes")).split()[1])


def _peak() -> int:
    """The most memory this process has had; what `getrusage` says includes its parent's."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return int(next(line for line in lines if line.startswith("VmHWM")).split()[1]) * 1024


def main() -> None:
    """Build, measure, print, and with --write keep the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--megabytes", type=int, nargs="+", default=[100, 1000, 5000])
    parser.add_argument("--folder", type=Path, help="where to build; the result is of its disk")
    parser.add_argument("--write", action="store_true", help=f"write {RESULT.name}")
    parser.add_argument("--one", nargs=2, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.one:
        print(json.dumps(measure(Path(arguments.one[0]), arguments.one[1])))
        return
    lines = []
    for megabytes in arguments.megabytes:
        with tempfile.TemporaryDirectory(dir=arguments.folder) as folder:
            home = Path(folder)
            build(home, megabytes)
            _as_published(home)
            for way, (name, _) in _WAYS.items():
                if way in _SLOW and megabytes > 100:
                    continue
                results = [_one(home, way) for _ in range(2 if megabytes <= 1000 else 1)]
                best = min(results, key=lambda each: each["seconds"])
                lines.append(
                    f"| {(home / LIVE).stat().st_size / 1e6:,.0f} | {name} | {best['seconds']:.2f} "
                    f"| {best['cpu']:.2f} | {best['written'] / 1e6:,.0f} | {best['peak'] / 1e6:,.0f} |"
                )
                print(lines[-1], flush=True)
    text = _page(lines)
    print(text)
    if arguments.write:
        RESULT.write_text(text, encoding="utf-8")


def _one(home: Path, way: str) -> dict[str, float]:
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.publish", "--one", str(home), way],
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    )
    return dict(json.loads(done.stdout))


def _page(lines: list[str]) -> str:
    return "\n".join(
        [
            "# Publishing",
            "",
            "`python -m benchmarks.publish --write`: a new copy after one more batch, by size and way.",
            f"DuckDB {duckdb.__version__}, ext4 (no clones of files), two cores shared with other programs.",
            "The file had just been written, so its reads come from the page cache; a file that is not in",
            "memory is read from the disk once more. The better of two runs, above 1 GB of one; peak memory is",
            "the process's, DuckDB's buffers of the load before it (at most 160 MB) and some 60 MB of Python",
            "included. The spare copy of `changed parts` is made in its first run: at 5 GB that is the only one.",
            "",
            "| MB | way | seconds | CPU s | MB written | peak MB |",
            "|---:|---|---:|---:|---:|---:|",
            *lines,
            "",
        ]
    )


if __name__ == "__main__":
    main()
