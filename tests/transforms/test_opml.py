"""Subscription lists: read and written without loss."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from transforms.opml import HeadLine, Opml, Outline, read_opml, subscriptions, write_opml
from transforms.records import Reason, Rejection

LIST = """<?xml version="1.0" encoding="ISO-8859-1"?>
<!-- made by a reader -->
<opml version="1.1" xmlns:x="https://x.example/"><head><title>Caf\u00e9 &amp; co</title>
<ownerEmail>a@b.example</ownerEmail><expansionState x:a="1">1, 3</expansionState></head>
<body><outline text="News" title="News" x:colour="red">
<outline text="Port" type="rss" xmlUrl="https://p.example/rss?a=1&amp;b=2" htmlUrl="https://p.example/"
 description="two&#10;lines" custom="&quot;&lt;"/>
<outline text="Deep"><outline XMLURL="https://d.example/atom" Title="D"/></outline>
</outline><outline text="empty"/><outline text="Late" xmlUrl=" https://l.example/rss "/></body></opml>"""


def opml_of(payload: bytes) -> Opml:
    """The list these bytes are."""
    found = read_opml(payload)
    assert isinstance(found, Opml), found
    return found


def test_a_list_is_read_whole() -> None:
    """Every attribute in its order, every level, the head too."""
    assert opml_of(LIST.encode("latin-1")) == Opml(
        attributes=(("version", "1.1"), ("xmlns:x", "https://x.example/")),
        head=(
            HeadLine("title", "Café & co"),
            HeadLine("ownerEmail", "a@b.example"),
            HeadLine("expansionState", "1, 3", (("x:a", "1"),)),
        ),
        outlines=(
            Outline(
                (("text", "News"), ("title", "News"), ("x:colour", "red")),
                (
                    Outline(
                        (
                            ("text", "Port"),
                            ("type", "rss"),
                            ("xmlUrl", "https://p.example/rss?a=1&b=2"),
                            ("htmlUrl", "https://p.example/"),
                            ("description", "two\nlines"),
                            ("custom", '"<'),
                        )
                    ),
                    Outline(
                        (("text", "Deep"),),
                        (Outline((("XMLURL", "https://d.example/atom"), ("Title", "D"))),),
                    ),
                ),
            ),
            Outline((("text", "empty"),)),
            Outline((("text", "Late"), ("xmlUrl", " https://l.example/rss "))),
        ),
    )


def test_feeds_are_found_at_every_level() -> None:
    """With their categories, whatever the case of the attribute."""
    found = subscriptions(opml_of(LIST.encode("latin-1")))

    assert [(line.url, line.name, line.categories) for line in found] == [
        ("https://p.example/rss?a=1&b=2", "Port", ("News",)),
        ("https://d.example/atom", "D", ("News", "Deep")),
        ("https://l.example/rss", "Late", ()),
    ]


def test_what_is_written_is_read_again() -> None:
    """And written again it is the same file."""
    opml = opml_of(LIST.encode("latin-1"))
    written = write_opml(opml)

    assert opml_of(written) == opml
    assert write_opml(opml_of(written)) == written


_NAME = st.from_regex(re.compile(r"[A-Za-z][A-Za-z0-9_.-]{0,8}", re.ASCII), fullmatch=True).filter(
    lambda name: not name.lower().startswith("xml")
)
_VALUE = st.text(
    st.characters(
        codec="utf-8", exclude_categories=["Cs"], exclude_characters="\ufffe\uffff"
    ).filter(lambda char: char >= " " or char in "\t\n\r"),
    max_size=20,
)
_ATTRIBUTES = st.dictionaries(_NAME, _VALUE, max_size=4).map(lambda found: tuple(found.items()))
_OUTLINES = st.recursive(
    st.builds(Outline, _ATTRIBUTES),
    lambda inner: st.builds(Outline, _ATTRIBUTES, st.lists(inner, max_size=3).map(tuple)),
    max_leaves=8,
)


@given(
    st.builds(
        Opml,
        _ATTRIBUTES,
        st.lists(st.builds(HeadLine, _NAME, _VALUE.map(str.strip), _ATTRIBUTES), max_size=3).map(
            tuple
        ),
        st.lists(_OUTLINES, max_size=4).map(tuple),
    )
)
@settings(max_examples=100, deadline=None)
def test_every_list_survives_the_round_trip(opml: Opml) -> None:
    """Any attributes, values with quotes and line ends, any nesting, in order."""
    assert opml_of(write_opml(opml)) == opml


@pytest.mark.parametrize(
    ("payload", "reason"),
    [
        (b"", Reason.EMPTY),
        (b"<opml><body><outline text='a & b'/></body></opml>", Reason.UNREADABLE),
        (b"<rss/>", Reason.UNSUPPORTED_TYPE),
        (b"not XML at all", Reason.UNREADABLE),
        (b"\x89PNG\r\n\x1a\n", Reason.BINARY),
        (b"<opml>" + b" " * 20_000_000, Reason.TOO_LARGE),
    ],
)
def test_what_is_no_list_is_a_reason(payload: bytes, reason: Reason) -> None:
    """With a sentence that names the file."""
    found = read_opml(payload, name="subs.opml")

    assert isinstance(found, Rejection)
    assert (found.url, found.reason) == ("subs.opml", reason)
    assert found.detail
