"""Sources travel through OPML and come back."""

from hypothesis import given, settings
from hypothesis import strategies as st

from transforms.opml import Opml, Outline, read_opml, subscriptions, write_opml
from transforms.source_lists import KINDS, SourceSpec
from transforms.subscriptions import opml_of, slug_of, sources_of

_LINE = st.text(st.characters(codec="utf-8", categories=["L", "N"]), min_size=1, max_size=12)
_SOURCES = st.lists(
    st.builds(
        SourceSpec,
        slug=st.from_regex(r"[a-z0-9]{1,8}(-[a-z0-9]{1,8}){0,2}", fullmatch=True),
        url=st.integers(0, 10**6).map(lambda number: f"https://a.example/{number}?a=1&b=<2>"),
        kind=st.sampled_from(KINDS),
        publisher=st.none() | _LINE,
        language=st.none() | st.sampled_from(["en", "pt-BR"]),
        timezone=st.none() | st.sampled_from(["Europe/Lisbon", "UTC"]),
        every=st.none() | st.sampled_from(["30m", "7d"]),
        enabled=st.booleans(),
        favor_precision=st.booleans(),
        max_entries=st.none() | st.integers(1, 100_000),
        extra=st.dictionaries(st.sampled_from(["mine", "note"]), _LINE | st.lists(st.integers())),
    ),
    unique_by=lambda source: source.slug,
    max_size=6,
)


def through_opml(sources: list[SourceSpec]) -> Opml:
    """The list written as a file and read again."""
    found = read_opml(write_opml(opml_of(sources)))
    assert isinstance(found, Opml), found
    return found


@given(_SOURCES)
@settings(max_examples=60, deadline=None)
def test_sources_survive_the_round_trip(sources: list[SourceSpec]) -> None:
    """Every key, known or not, in their order."""
    found = sources_of(through_opml(sources))

    assert (list(found.sources), found.faults) == (sources, ())


def test_any_reader_sees_the_feeds() -> None:
    """An exported feed is an ordinary subscription; a sitemap is none."""
    sources = [
        SourceSpec("a", "https://a.example/rss", "feed", publisher="A & B"),
        SourceSpec("b", "https://a.example/news.xml", "sitemap"),
    ]
    (only,) = subscriptions(through_opml(sources))

    assert (only.url, only.name, only.outline.get("type")) == (
        "https://a.example/rss",
        "A & B",
        "rss",
    )


def test_what_another_reader_wrote_is_kept() -> None:
    """Attributes nobody here knows, and categories, come out as they came in."""
    outline = Outline(
        (
            ("text", "Port"),
            ("type", "rss"),
            ("xmlUrl", "https://p.example/rss"),
            ("htmlUrl", "https://p.example/"),
            ("frss:priority", "10"),
        )
    )
    opml = Opml(
        outlines=(Outline((("text", "News"),), (Outline((("text", "Near"),), (outline,)),)),)
    )
    (source,) = sources_of(opml).sources

    assert (source.slug, source.publisher, source.url) == ("port", "Port", "https://p.example/rss")
    assert source.extra["categories"] == ["News", "Near"]
    exported = opml_of([source])
    (line,) = subscriptions(exported)
    assert line.categories == ("News", "Near")
    assert set(outline.attributes) <= set(line.outline.attributes)
    assert sources_of(exported).sources == (source,)


def test_a_line_that_cannot_be_a_source_is_a_sentence() -> None:
    """The others count."""
    opml = Opml(
        outlines=(
            Outline((("text", "Local"), ("xmlUrl", "file:///etc/passwd"))),
            Outline((("text", "Old scheme"), ("xmlUrl", "feed://o.example/rss"))),
            Outline((("text", "Older scheme"), ("xmlUrl", "feed:https://o.example/atom"))),
            Outline((("text", "A link"), ("type", "link"), ("url", "https://l.example/"))),
        )
    )
    found = sources_of(opml, name="subs.opml")

    assert [source.url for source in found.sources] == [
        "http://o.example/rss",
        "https://o.example/atom",
    ]
    assert found.faults == (
        'subs.opml: "Local": "url" is "file:///etc/passwd"; a feed needs an http(s) address.',
    )


def test_slugs_are_made_and_never_shared() -> None:
    """Of the name in plain letters, else of the host; with a number where it is taken."""
    outlines = [
        Outline((("text", text), ("xmlUrl", f"https://www.p{number}.example/rss")))
        for number, text in enumerate(["Le Café", "Le Cafe", "Новости", "***", "a-b"])
    ]
    found = sources_of(Opml(outlines=tuple(outlines)), taken={"a-b"})

    assert [source.slug for source in found.sources] == [
        "le-cafe",
        "le-cafe-2",
        "p2-example",
        "p3-example",
        "a-b-2",
    ]
    assert slug_of("x" * 300, "https://a.example/", ()) == "x" * 60


def test_extras_are_read_leniently() -> None:
    """A broken attribute of ours costs no source."""
    attributes = {
        "text": "P",
        "xmlUrl": "https://p.example/rss",
        "wirecopy:extra": "{",
        "wirecopy:max_entries": "x",
    }
    found = sources_of(Opml(outlines=(Outline(tuple(attributes.items())),)))

    assert found.faults == ()
    assert found.sources[0].max_entries is None
    assert found.sources[0].extra == {"opml": {"text": "P"}}
