"""The headline of a page: the printed one, told from the site's name and from other headings."""

from __future__ import annotations

import pytest

from transforms.page.headlines import choose_headline

LONG = "Council shuts the old swing bridge for three weeks"


@pytest.mark.parametrize(
    ("declared", "headings", "page_name", "sites", "expected"),
    [
        pytest.param(
            ["„Three weeks“ - The Alder Gazette"], ["„Three weeks“"], None, [], "„Three weeks“",
            id="a heading is what stands before a separator",
        ),
        pytest.param(
            [], ["Bridge"], "Bridge – Harbour Board", [], "Bridge",
            id="a short heading that begins the page's name",
        ),
        pytest.param(
            [], ["항구 신문"], f"{LONG} - Alderpost", ["alderpost.co.example"], LONG,
            id="the only heading is the site's name in another script",
        ),
        pytest.param(
            [], [], f"{LONG} | News | The Courier", [], LONG,
            id="segments that read as names are cut where nothing else confirms",
        ),
        pytest.param(
            [], [], f"{LONG} - and nobody knows why it was", [], f"{LONG} - and nobody knows why it was",
            id="a segment that goes on is the headline's",
        ),
        pytest.param(
            [LONG], [LONG], LONG, [LONG], LONG,
            id="a headline in the place of the site's name is no name",
        ),
        pytest.param(
            [f"{LONG} - Express"], [], f"{LONG} - Express", ["express.co.example"], LONG,
            id="a label of the host is a name",
        ),
        pytest.param(
            ["How heatwaves wear down old bridges: the council is counting the cost"],
            ["Old bridges are bad at a heatwave", "Most read"],
            None, [], "Old bridges are bad at a heatwave",
            id="inflected words relate a printed headline to the one for search engines",
        ),
        pytest.param(["The Courier"], [], None, ["The Courier"], "The Courier", id="a name alone stays"),
    ],
)  # fmt: skip
def test_the_headline_is_the_printed_one(
    declared: list[str], headings: list[str], page_name: str | None, sites: list[str], expected: str
) -> None:
    """Each case is a way in which pages print and declare their headlines."""
    found = choose_headline(
        declared=declared, headings=headings, page_name=page_name, site_names=sites
    )
    assert found == expected
