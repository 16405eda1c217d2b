"""Feeds parsed with each setting of feedparser and as we do: CPU, and whether the entries agree.

python -m benchmarks.feed_parsing > benchmarks/results/feed_parsing.md
"""

from __future__ import annotations

import gzip
import io
import time
from collections.abc import Callable
from pathlib import Path

import feedparser

from benchmarks.farm import feed
from transforms.feeds.entries import Feed
from transforms.feeds.parse import parse_feed

REAL = Path(__file__).parents[1] / "../shared/eval/feeds"
"""Real feeds, left out where they are absent."""


def settings_of_feedparser() -> None:
    """The same feeds with each setting: seconds of CPU, and whether the entries are the same."""
    text = "&lt;p&gt;A sentence of a &lt;a href='/x'&gt;summary&lt;/a&gt;. It&amp;#8217;s so.&lt;/p&gt; "
    made = [feed(number, 60, text * 12) for number in range(5)]
    sets = {f"{len(made)} made, {sum(map(len, made)) / 1e6:.1f} MB": made}
    if REAL.is_dir():
        real = [gzip.decompress(path.read_bytes()) for path in sorted(REAL.glob("*.gz"))]
        sets[f"{len(real)} real, {sum(map(len, real)) / 1e6:.1f} MB"] = real
    url = "http://paper.example/feed"
    headers = {"content-type": "application/xml", "content-location": url}

    def with_settings(**settings: bool) -> Callable[[bytes], list[tuple[str, str]]]:
        def parsed(payload: bytes) -> list[tuple[str, str]]:
            found = feedparser.parse(io.BytesIO(payload), response_headers=headers, **settings)
            return [
                (entry.get("link", "").partition("#")[0], entry.get("title", ""))
                for entry in found.entries
            ]

        return parsed

    def ours(payload: bytes) -> list[tuple[str, str]]:
        found = parse_feed(payload, content_type="application/xml", url=url)
        return [(e.url or "", e.headline) for e in found.entries] if isinstance(found, Feed) else []

    print("\n## Settings of feedparser\n")
    print("| feeds | reader | CPU, s | MB a second | entries | same number in | same address |")
    print("|---|---|---|---|---|---|---|")
    for name, payloads in sets.items():
        expected: list[list[tuple[str, str]]] | None = None
        for reader, parse in (
            (f"feedparser {feedparser.__version__} as it comes", with_settings()),
            (
                "... without sanitising and resolving",
                with_settings(sanitize_html=False, resolve_relative_uris=False),
            ),
            ("ours: its grammar, driven with buffer_text, within bounds", ours),
        ):
            began = time.process_time()
            found = [parse(payload) for payload in payloads]
            used = time.process_time() - began
            expected = expected or found
            counts = sum(len(a) == len(b) for a, b in zip(found, expected, strict=True))
            pairs = [
                p for a, b in zip(found, expected, strict=True) for p in zip(a, b, strict=False)
            ]
            same = sum(a[0] == b[0].strip() for a, b in pairs)
            print(
                f"| {name} | {reader} | {used:.2f} | {sum(map(len, payloads)) / used / 1e6:.1f} "
                f"| {sum(map(len, found)):,} | {counts} of {len(payloads)} | {same:,} of {len(pairs):,} |",
                flush=True,
            )


if __name__ == "__main__":
    settings_of_feedparser()
