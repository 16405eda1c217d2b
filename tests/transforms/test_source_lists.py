"""`sources.toml`: what counts, what is wrong and how it is said."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.source_lists import (
    KINDS,
    SourceSpec,
    duration_s,
    parse_source_list,
    parse_table,
    table_of,
)

SEEDS = Path(__file__).parents[2] / "seeds" / "sources.toml"
WHOLE = """
[[source]]
slug = "port-alder-chronicle"
publisher = "Port Alder Chronicle"
url = "https://chronicle.example/rss"
kind = "feed"
language = "en-GB"
timezone = "Europe/London"
every = "30m"
enabled = false
favor_precision = true
max_entries = 50
mine = [1, 2]

[[source]]
slug = "press"
url = "captures/press.warc.gz"
kind = "warc"
"""


def table(**changes: object) -> str:
    """A list of one source, with a key changed or left out (None)."""
    import json  # noqa: PLC0415 - JSON's strings are TOML's

    values = {"slug": "a-b", "url": "https://a.example/rss", "kind": "feed"} | changes
    lines = [f"{key} = {json.dumps(value)}" for key, value in values.items() if value is not None]
    return "\n".join(["[[source]]", *lines])


def test_a_list_is_read_whole() -> None:
    """Every key; what is not known is kept."""
    found = parse_source_list(WHOLE)

    assert found.faults == ()
    assert found.sources == (
        SourceSpec(
            slug="port-alder-chronicle",
            url="https://chronicle.example/rss",
            kind="feed",
            publisher="Port Alder Chronicle",
            language="en-GB",
            timezone="Europe/London",
            every="30m",
            enabled=False,
            favor_precision=True,
            max_entries=50,
            extra={"mine": [1, 2]},
        ),
        SourceSpec(slug="press", url="captures/press.warc.gz", kind="warc"),
    )
    assert found.sources[0].every_s == 1_800
    assert found.sources[1].every_s is None


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        (
            {"slug": "A B"},
            'sources.toml: source 1 ("A B"): "slug" is "A B"; write a short name of small letters, digits and hyphens, such as "port-alder-chronicle".',
        ),
        (
            {"kind": "rss"},
            'sources.toml: source 1 ("a-b"): "kind" is "rss"; write one of feed, sitemap, page, folder, warc.',
        ),
        (
            {"url": None},
            'sources.toml: source 1 ("a-b"): "url" is missing; write the address of the feed, sitemap or page, or the path of the folder.',
        ),
        (
            {"url": "file:///etc/passwd"},
            'sources.toml: source 1 ("a-b"): "url" is "file:///etc/passwd"; a feed needs an http(s) address.',
        ),
        (
            {"timezone": "Mars/Base"},
            'sources.toml: source 1 ("a-b"): "timezone" is "Mars/Base"; write a time zone such as "Europe/Lisbon".',
        ),
        (
            {"every": "5m"},
            'sources.toml: source 1 ("a-b"): "every" is "5m"; write a time between "15m" and "30d", such as "30m", "2h" or "1d".',
        ),
        (
            {"language": "English!"},
            'sources.toml: source 1 ("a-b"): "language" is "English!"; write a language code, such as "en" or "pt-BR".',
        ),
        (
            {"enabled": "yes"},
            'sources.toml: source 1 ("a-b"): "enabled" is "yes"; write true or false.',
        ),
        (
            {"max_entries": 0},
            'sources.toml: source 1 ("a-b"): "max_entries" is 0; write a number from 1 to 100000.',
        ),
        (
            {"max_entries": True},
            'sources.toml: source 1 ("a-b"): "max_entries" is True; write a number from 1 to 100000.',
        ),
        (
            {"publisher": 7},
            'sources.toml: source 1 ("a-b"): "publisher" is 7; write the publisher\'s name.',
        ),
    ],
)
def test_a_fault_is_one_sentence(changes: dict[str, object], sentence: str) -> None:
    """It names the table, the key, what stands there and what should."""
    found = parse_source_list(table(**changes))

    assert (found.sources, found.faults) == ((), (sentence,))


def test_a_fault_costs_its_own_table_alone() -> None:
    """The others count; of two with one slug the first does."""
    text = "\n".join([table(), table(kind="x", slug="bad"), table(), table(slug="c")])
    found = parse_source_list(text)

    assert [source.slug for source in found.sources] == ["a-b", "c"]
    assert found.faults[1:] == (
        'sources.toml: source 3 ("a-b"): its "slug" stands above already; give it another.',
    )


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("[[source]\n", "sources.toml is no TOML: "),
        ("source = 3", "sources.toml: write each source as a table [[source]]."),
        ("[source]\nslug = 'x'", "sources.toml: write each source as a table [[source]]."),
        ("[[sources]]\n", 'sources.toml: "sources" is not known at the top; '),
        ("x = " + "[" * 20_000, "sources.toml is no TOML: "),
    ],
)
def test_what_is_no_list_is_a_sentence(text: str, fault: str) -> None:
    """Never an exception."""
    found = parse_source_list(text)

    assert found.sources == ()
    assert len(found.faults) == 1
    assert found.faults[0].startswith(fault)


@pytest.mark.parametrize(
    ("every", "seconds"),
    [("15m", 900), ("90 min", 5_400), ("2h", 7_200), ("1D", 86_400), ("1w", 604_800), ("900s", 900)]
    + [(wrong, None) for wrong in ("14m", "31d", "", "h", "2 hours", "-1h", "1.5h", "٣h", "1h30m")],
)
def test_intervals_are_short_words(every: str, seconds: int | None) -> None:
    """Between a quarter of an hour and thirty days."""
    assert duration_s(every) == seconds


_LINE = st.text(st.characters(codec="ascii", categories=["L", "N"]), min_size=1, max_size=20)
SPECS = st.builds(
    SourceSpec,
    slug=st.from_regex(r"[a-z0-9]{1,8}(-[a-z0-9]{1,8}){0,3}", fullmatch=True),
    url=_LINE.map(lambda path: f"https://a.example/{path}"),
    kind=st.sampled_from(KINDS),
    publisher=st.none() | _LINE,
    language=st.none() | st.sampled_from(["en", "pt-BR", "zh-Hant-TW"]),
    timezone=st.none() | st.sampled_from(["Europe/Lisbon", "UTC", "America/Argentina/Salta"]),
    every=st.none() | st.sampled_from(["30m", "2h", "7d"]),
    enabled=st.booleans(),
    favor_precision=st.booleans(),
    max_entries=st.none() | st.integers(1, 100_000),
    extra=st.dictionaries(st.sampled_from(["mine", "note"]), _LINE | st.lists(st.integers())),
)


@given(SPECS)
def test_a_source_survives_its_table(source: SourceSpec) -> None:
    """Written as a table and read again it is the same."""
    assert parse_table(table_of(source)) == (source, [])


def test_the_starter_list_is_a_good_one() -> None:
    """Without faults, of many countries and languages, with feeds, news sitemaps and agencies."""
    found = parse_source_list(SEEDS.read_text())
    sources = found.sources

    assert found.faults == ()
    assert len(sources) >= 40
    assert len({source.url for source in sources}) == len(sources)
    assert len({source.language for source in sources}) >= 12
    assert len({source.timezone for source in sources}) >= 20
    assert {source.kind for source in sources} == {"feed", "sitemap"}
    assert all(source.publisher and source.language and source.timezone for source in sources)
    assert sum(source.url.startswith("https://") for source in sources) >= 0.9 * len(sources)
