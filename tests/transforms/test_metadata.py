"""What a page states of itself: JSON-LD read within bounds, headlines without the site's name."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml.html import document_fromstring

from transforms.languages import primary_subtag
from transforms.metadata import Metadata, read_metadata
from transforms.page.headlines import choose_headline
from transforms.page.json_ld import MAX_BLOCK_CHARS, StructuredArticle, read_article

ADDRESS = "https://www.demo-post.example/2024/harbour?utm_source=x"
ARTICLE = {
    "@context": "https://schema.org",
    "@type": "NewsArticle",
    "headline": "Harbour plan approved",
    "datePublished": "2024-04-30T10:00:00+02:00",
    "author": [
        {"@type": "Person", "name": "Ada Example"},
        {"@type": "Organization", "name": "Example Wire"},
    ],
    "publisher": {"@type": "Organization", "name": "Demo Post"},
}


def page(head: str = "", body: str = "", attributes: str = "") -> Metadata:
    """The metadata of a page with this head and body."""
    html = f"<html {attributes}><head>{head}</head><body>{body}</body></html>"
    return read_metadata(document_fromstring(html), ADDRESS)


def block(value: object) -> str:
    """A JSON-LD element holding a value."""
    return f'<script type="application/ld+json">{json.dumps(value)}</script>'


def test_json_ld_article_is_read():
    """Headline, date with its zone, authors of both kinds and the publisher come as stated."""
    found = page(block(ARTICLE))
    assert found.headline == "Harbour plan approved"
    assert found.dates == (("json_ld", "2024-04-30T10:00:00+02:00"),)
    assert found.authors == ("Ada Example", "Example Wire")
    assert found.publisher == "Demo Post"
    assert found.is_article


@pytest.mark.parametrize(
    "value",
    [
        [ARTICLE],
        {"@graph": [{"@type": "WebSite", "name": "Site"}, ARTICLE]},
        {"@type": "WebPage", "mainEntity": ARTICLE},
        {"@type": "WebPage", "mainEntityOfPage": [ARTICLE]},
        ARTICLE | {"@type": ["NewsArticle", "Thing"]},
        ARTICLE | {"@type": "http://schema.org/ReportageNewsArticle"},
    ],
)
def test_the_article_is_found_in_every_usual_shape(value: object):
    """Lists, graphs, main entities and several types lead to the same article."""
    assert read_article([json.dumps(value)]).headline == "Harbour plan approved"


@pytest.mark.parametrize(
    "key",
    ["liveBlogUpdate", "hasPart", "image", "comment", "isPartOf", "citation", "itemListElement"],
)
def test_parts_of_an_article_do_not_speak_for_it(key: str):
    """An agency that wrote an update or took a picture is not the article's author."""
    other = ARTICLE | {"headline": "Another", "author": "Example Wire"}
    stated = read_article(
        [json.dumps({"@type": "NewsArticle", "author": "Ada Example", key: [other]})]
    )
    assert stated.authors == ("Ada Example",)
    assert stated.headline is None


@pytest.mark.parametrize(
    ("author", "names"),
    [
        ("Ada Example", ("Ada Example",)),
        (["Ada Example", "Bo Sample"], ("Ada Example", "Bo Sample")),
        ({"name": ["Ada Example", "Bo Sample"]}, ("Ada Example", "Bo Sample")),
        ({"@id": "#ada"}, ("Ada From Graph",)),
        ({"givenName": "Ada", "familyName": "Example"}, ("Ada Example",)),
        ({"@value": "Ada Example"}, ("Ada Example",)),
        ({"name": "Ada &amp; Bo <b>Example</b>"}, ("Ada & Bo Example",)),
        ("https://example.com/ada", ()),
        ([None, 3, {}, {"@id": "#nobody"}, [[["Ada Example"]]]], ("Ada Example",)),
        ({"name": "a\ud800b"}, ("a\ufffdb",)),
    ],
)
def test_names_in_every_shape(author: object, names: tuple[str, ...]):
    """Names stand as strings, nodes, lists, references; addresses are no names."""
    graph = {
        "@graph": [
            ARTICLE | {"author": author},
            {"@type": "Person", "@id": "#ada", "name": "Ada From Graph"},
        ]
    }
    assert read_article([json.dumps(graph)]).authors == names


@pytest.mark.parametrize(
    "text",
    [
        '{"@type": "NewsArticle", "headline": "Harbour plan approved",}',
        '{"@type": "NewsArticle", "headline": "Harbour plan approved", "dateModified": }',
        '{"@type": "NewsArticle", "headline": "Harbour plan approved"} trailing words',
        '<!-- {"@type": "NewsArticle", "headline": "Harbour plan approved"} -->',
        '//<![CDATA[\n{"@type": "NewsArticle", "headline": "Harbour plan approved"}\n//]]>',
        '{"@type": "NewsArticle", "headline": "Harbour plan\n approved"};',
        "{&quot;@type&quot;: &quot;NewsArticle&quot;, &quot;headline&quot;: &quot;Harbour plan approved&quot;}",
        '{"@type": "NewsArticle", unquoted: 1, "headline": "Harbour plan approved"}',
    ],
)
def test_broken_json_still_gives_the_headline(text: str):
    """Trailing commas, missing values, wrappers and raw line ends are usual slips."""
    assert read_article([text]).headline == "Harbour plan approved"


@pytest.mark.parametrize(
    "text",
    [
        "[" * 100_000,
        '{"@graph":[' * 50_000,
        '{"a":' * 50_000 + "1" + "}" * 50_000,
        "",
        "null",
        "NaN",
        '"x"',
    ],
)
def test_hostile_json_is_nothing(text: str):
    """Nesting beyond the interpreter's depth and values that are no objects give an empty result."""
    assert read_article([text]) == StructuredArticle()


def test_huge_blocks_are_not_read():
    """A block over the limit is skipped; the next one is read."""
    huge = json.dumps(ARTICLE | {"headline": "Huge", "x": "y" * MAX_BLOCK_CHARS})
    assert read_article([huge, json.dumps(ARTICLE)]).headline == "Harbour plan approved"


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=8),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(
                    [*ARTICLE, "@graph", "name", "@id", "keywords", "inLanguage", "mainEntity"]
                ),
                inner,
                max_size=4,
            )
        ),
        max_leaves=20,
    )
)
def test_any_json_is_read(value: object):
    """No shape of JSON raises."""
    assert isinstance(read_article([json.dumps(value)]), StructuredArticle)


@given(st.text(max_size=100))
def test_any_text_as_json_is_read(text: str):
    """No text raises."""
    assert isinstance(read_article([text]), StructuredArticle)


SITES = ["Demo Post", "demo-post.example"]


@pytest.mark.parametrize(
    ("declared", "headings", "page_name", "expected"),
    [
        (["Harbour plan approved - Demo Post"], [], None, "Harbour plan approved"),
        (["Harbour plan approved | Demo Post"], [], None, "Harbour plan approved"),
        (["Demo Post: news - Harbour plan approved – DEMO POST"], [], None, "Demo Post: news - Harbour plan approved"),
        (["Demo Post | Harbour plan approved"], [], None, "Harbour plan approved"),
        ([], [], "Harbour plan approved — demo-post.example", "Harbour plan approved"),
        (["Harbour plan approved - what next?"], [], None, "Harbour plan approved - what next?"),
        (["HARBOUR PLAN APPROVED"], ["Demo Post", "Harbour plan approved"], None, "Harbour plan approved"),
        (["Harbour plan approved by town council"], ["Harbour plan approved by town council after long debate"], None, "Harbour plan approved by town council after long debate"),
        (["Why the harbour plan was approved: five reasons"], ["Council says yes to harbour plan five years on"], None, "Council says yes to harbour plan five years on"),
        (["Harbour plan approved"], ["Most read today in sport"], None, "Harbour plan approved"),
        (["Harbour plan approved"], ["Harbourplanapproved"], None, "Harbour plan approved"),
        ([], ["Harbour plan approved"], "Untitled", "Harbour plan approved"),
        ([], [], None, None),
        (["Demo Post"], [], None, "Demo Post"),
    ],
)  # fmt: skip
def test_headlines_are_those_a_reader_sees(
    declared: list[str], headings: list[str], page_name: str | None, expected: str | None
):
    """The site's name goes, dashes of the headline stay, and the heading on the page is preferred."""
    assert (
        choose_headline(declared=declared, headings=headings, page_name=page_name, site_names=SITES)
        == expected
    )


def test_dates_come_in_their_documented_order():
    """JSON-LD, article:published_time, other meta tags, a marked time element; times of changes apart."""
    found = page(
        '<meta name="dc.date" content="2024-04-03"><meta property="article:published_time" content="2024-04-02">'
        '<meta property="article:modified_time" content="2024-04-09">'
        + block(ARTICLE | {"datePublished": "2024-04-01", "dateModified": "2024-04-08"}),
        '<h1>Harbour</h1><time datetime="2024-04-05">x</time><time itemprop="datePublished" datetime="2024-04-04">y</time>',
    )
    assert found.dates == (
        ("json_ld", "2024-04-01"), ("meta", "2024-04-02"), ("meta_other", "2024-04-03"), ("time", "2024-04-04"),
        ("json_ld_modified", "2024-04-08"), ("meta_modified", "2024-04-09"),
    )  # fmt: skip


def test_times_of_teasers_and_updates_are_no_candidates():
    """A time above the headline dates something else, one marked as modified is no publication."""
    body = '<time datetime="2024-01-01"></time><h1>Harbour</h1><time class="updated" datetime="2024-01-02"></time>'
    assert page(body=body).dates == ()


def test_the_publisher_alone_is_no_byline_where_a_person_is_named():
    """JSON-LD often repeats the publisher as author although the page names a person."""
    head = (
        block(ARTICLE | {"author": {"name": "Demo Post"}})
        + '<meta name="author" content="Ada Example">'
    )
    assert page(head).authors == ("Ada Example",)
    assert page(block(ARTICLE | {"author": {"name": "Demo Post"}})).authors == ("Demo Post",)


@pytest.mark.parametrize(
    "markup",
    [
        '<p class="byline">By <a rel="author" href="/ada">Ada Example</a> <time>30 April</time></p>',
        '<span itemprop="author">By Ada Example</span>',
        '<div class="article-byline">By <b>Ada</b> <b>Example</b></div>',
    ],
)
def test_printed_bylines_are_found_without_their_time(markup: str):
    """The byline is read in order, its words apart, its time left out."""
    assert page(body=f"<h1>Harbour</h1>{markup}").bylines == ("By Ada Example",)


def test_a_printed_date_is_no_part_of_a_name():
    """Names have no digits: a byline is cut where its date begins."""
    assert page(body='<p class="byline">By Ada Example Monday, April 29, 2024</p>').authors == (
        "By Ada Example",
    )


def test_signals_keep_their_place():
    """What may credit an agency is told apart by where it stood."""
    head = block(
        ARTICLE
        | {"creator": "Desk", "sourceOrganization": {"name": "Example Wire"}, "creditText": "EW"}
    ) + (
        '<meta name="author" content="Ada Example"><meta name="source" content="Example Wire">'
        '<meta property="article:author" content="https://www.social.example/ada">'
    )
    assert set(page(head).structured) == {
        ("json_ld_author", "Ada Example"), ("json_ld_author", "Example Wire"), ("json_ld_creator", "Desk"),
        ("json_ld_source_organization", "Example Wire"), ("json_ld_credit_text", "EW"),
        ("meta_author", "Ada Example"), ("meta_source", "Example Wire"),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("head", "canonical"),
    [
        (
            '<link rel="canonical" href="/2024/harbour">',
            "https://www.demo-post.example/2024/harbour",
        ),
        (
            '<link rel="Canonical nofollow" href="https://other.example/a#b">',
            "https://other.example/a",
        ),
        (
            '<base href="https://www.demo-post.example/x/"><link rel="canonical" href="y">',
            "https://www.demo-post.example/x/y",
        ),
        ('<link rel="canonical" href="javascript:x">', None),
        ('<link rel="canonical">', None),
        ('<link rel="alternate" href="/feed">', None),
    ],
)
def test_canonical_links_are_absolute(head: str, canonical: str | None):
    """A relative link starts from the base, or from where the page was fetched."""
    assert page(head).canonical == canonical


def test_the_publisher_has_a_name_and_not_an_address():
    """An address or a slogan behind a bar is not part of a publisher's name."""
    head = block(ARTICLE | {"publisher": {"name": "https://demo.example"}})
    assert (
        page(
            head + '<meta property="og:site_name" content="Demo Post | News that floats">'
        ).publisher
        == "Demo Post"
    )


def test_tags_come_from_the_first_place_that_has_any():
    """Tags are split, tidied and each named once."""
    assert page(
        '<meta name="keywords" content="a, b"><meta property="article:tag" content="Harbour"><meta property="article:tag" content="Town">'
    ).tags == ("Harbour", "Town")
    assert page('<meta name="keywords" content="harbour , town,, harbour">').tags == (
        "harbour",
        "town",
    )
    assert page(block(ARTICLE | {"keywords": ["Sea, salt", "Harbour"]})).tags == (
        "Sea, salt",
        "Harbour",
    )


def test_language_of_json_ld_wins_over_the_template():
    """`<html lang>` often is the template's language."""
    assert page(attributes='lang="EN-gb"').language == "en"
    assert page(block(ARTICLE | {"inLanguage": "de-DE"}), attributes='lang="en"').language == "de"
    assert page('<meta property="og:locale" content="fr_CA">').language == "fr"
    assert page(attributes='lang="x-default"').language is None


@pytest.mark.parametrize(
    ("raw", "code"),
    [("en", "en"), ("EN_us", "en"), ("pt-BR", "pt"), ("deu", "de"), ("English", "en"), ("zh-Hant-TW", "zh"), ("jp", "ja"),
     ("und", None), ("", None), (None, None), ("klingon", None), ("../../x", None), ("en,fr", "en")],
)  # fmt: skip
def test_language_tags_become_primary_subtags(raw: str | None, code: str | None):
    """What is no known language is nothing."""
    assert primary_subtag(raw) == code


def test_a_page_without_marks_states_nothing():
    """No metadata is invented."""
    assert page(body="<p>Text</p>") == Metadata()
