"""The demo and the labelled articles, through the command."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

Wirecopy = Callable[..., "subprocess.CompletedProcess[str]"]
Ask = Callable[[Path, str], list[tuple[object, ...]]]

SEEDS = Path(__file__).resolve().parents[3] / "shared" / "seeds"


@pytest.mark.server
def test_the_demo_runs_a_flow_and_shows_what_it_found(
    wirecopy: Wirecopy, home: Path, ask: Ask
) -> None:
    """From nothing to three queries with their answers, the server stopped again."""
    done = wirecopy("demo", "--home", home)
    assert done.returncode == 0, done.stderr
    assert "(Completed)" in done.stdout
    assert "the server is stopped" in done.stdout
    assert len(re.findall(r"^\([0-9]+ rows?\)$", done.stdout, re.MULTILINE)) == 4
    assert "(0 rows)" not in done.stdout
    assert ask(home, "select status from ops.runs") == [("completed",)]


@pytest.mark.eval
@pytest.mark.skipif(
    not SEEDS.is_dir(), reason="the labelled articles are not beside the repository"
)
def test_the_labelled_articles_are_five_of_their_own_that_share_agency_sentences(
    wirecopy: Wirecopy, home: Path, ask: Ask
) -> None:
    """Five articles with their headlines, five clusters of one, passages between the first three."""
    done = wirecopy("ingest", SEEDS, "--home", home)
    assert done.returncode == 0, done.stderr
    rows = ask(home, "select url, headline from articles order by url")
    assert len(rows) == 5
    for url, headline in rows:
        text = (SEEDS / str(url).rpartition("/")[2]).read_text(encoding="utf-8")
        lines = [" ".join(line.split()) for line in text.split("\n")]
        assert headline in lines
        assert "browser" not in str(headline).lower()
    assert ask(home, "select article_count, count(*) from clusters group by all") == [(1, 5)]
    pairs = ask(
        home,
        """
        select
            list_sort([regexp_extract(a.url, '/(\\d+)_', 1), regexp_extract(b.url, '/(\\d+)_', 1)]),
            max(passages.matched_words)
        from passages
        inner join articles as a on passages.article_a = a.article_id
        inner join articles as b on passages.article_b = b.article_id
        group by all
        """,
    )
    found = {tuple(pair): words for pair, words in pairs if isinstance(pair, list)}
    assert {("000", "001"), ("000", "002"), ("001", "002")} <= found.keys()
    assert all(int(str(words)) >= 5 for words in found.values())
