"""The demo articles, loaded without a server: what docs/demo.md and the README say is found."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from flows.demo import findings
from flows.query import ask_home

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def demo_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with the demo articles."""
    home = tmp_path_factory.mktemp("demo") / "home"
    command = [sys.executable, "-m", "flows.cli", "ingest", "seeds/demo", "--home", str(home)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    return home


def test_the_readme_shows_what_the_demo_prints(demo_home: Path) -> None:
    """The block in the README is the output of `make run`, letter by letter."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    block = readme.partition("<!-- demo -->\n```text\n")[2].partition("\n```\n")[0]
    assert block == findings(demo_home)


def test_the_agency_text_is_one_cluster_and_all_else_stands_alone(demo_home: Path) -> None:
    """Five copies with the agency's own as the origin, nine articles alone, one page refused."""
    sizes = ask_home(demo_home, "select article_count from clusters order by all desc").rows
    assert [count for (count,) in sizes] == [5, *[1] * 9]
    origin = ask_home(
        demo_home,
        """
        select publishers.host
        from clusters
        inner join articles on origin_article_id = article_id
        inner join publishers using (publisher_id)
        where article_count = 5
        """,
    ).rows
    assert origin == [("meridianpress.example",)]
    refused = ask_home(demo_home, "select reason from ops.ledger where state <> 'loaded'").rows
    assert refused == [("not_an_article",)]


def test_the_station_borrows_three_passages_of_the_agency(demo_home: Path) -> None:
    """As docs/demo.md lists them, word for word in both texts, typographic quotes aside."""
    rows = ask_home(
        demo_home,
        """
        with pair as (
            select article_a as one, a_start as s, a_end as e, article_b as other, kind from passages
            union all
            select article_b, b_start, b_end, article_a, kind from passages
        )
        select pair.kind, substring(station.body, s + 1, e - s)
        from pair
        inner join articles as station on pair.one = station.article_id
        inner join articles as agency on pair.other = agency.article_id
        where station.url like '%kelmfm.example%' and agency.url like '%meridianpress.example%'
        order by s
        """,
    ).rows
    assert [kind for kind, _ in rows] == ["verbatim", "verbatim", "edited"]
    listed = (ROOT / "docs" / "demo.md").read_text(encoding="utf-8")
    for _, text in rows:
        assert str(text) in listed


@pytest.mark.parametrize(
    ("page", "role"),
    [
        ("meridianpress", {"meridian": "self"}),
        ("harrowvalenews", {"meridian": "owner"}),
        ("alderpost", {"meridian": "owner"}),
        ("lowmarshherald", {"meridian": "owner"}),
        ("castlereachcourier", {"meridian": "owner"}),
        ("kelmfm", {"meridian": "shared"}),
        ("brightwaterreview", {}),
        ("saltroadtribune", {}),
        ("uplandgazette", {}),
    ],
)
def test_agencies_are_attributed_as_the_table_says(
    demo_home: Path, page: str, role: Mapping[str, str]
) -> None:
    """A credit attributes, a mention does not."""
    rows = ask_home(
        demo_home,
        f"""
        select distinct agency_id, role
        from articles
        inner join article_agencies using (article_id)
        where contains(url, '{page}')
        """,  # noqa: S608 - a constant of this file
    ).rows
    assert dict(rows) == role
