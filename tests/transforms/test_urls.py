"""Addresses: what makes two of them one article, and what keeps two articles apart."""

import re
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.urls import article_id, host, is_http, page_id, resolve, same_site, url_key

NOON = datetime(2024, 5, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("url", "key"),
    [
        ("HTTPS://WWW.Example.COM/News/A", "https://www.example.com/News/A"),
        ("http://example.com", "http://example.com/"),
        ("http://example.com:80/a", "http://example.com/a"),
        ("https://example.com:443/a", "https://example.com/a"),
        ("https://example.com:8443/a", "https://example.com:8443/a"),
        ("https://user:secret@example.com/a", "https://example.com/a"),
        ("https://example.com/a#comments", "https://example.com/a"),
        ("https://example.com/a/../b/./c", "https://example.com/b/c"),
        ("https://example.com/a/%2e%2E/b", "https://example.com/b"),
        ("https://example.com/a/..", "https://example.com/"),
        ("https://example.com/../../a", "https://example.com/a"),
        ("https://example.com/%7euser/%c3%a9t%C3%A9", "https://example.com/~user/%C3%A9t%C3%A9"),
        ("https://example.com/été", "https://example.com/%C3%A9t%C3%A9"),
        ("https://münchen.example/a", "https://xn--mnchen-3ya.example/a"),
        ("https://example.com./a", "https://example.com/a"),
        ("https://[2001:DB8::1]:443/a", "https://[2001:db8::1]/a"),
        (" https://example.com/a\n", "https://example.com/a"),
    ],
)
def test_url_key_undoes_equivalent_spellings(url: str, key: str):
    """Case of the host, default port, user name, fragment, dots and escapes do not count."""
    assert url_key(url) == key


@pytest.mark.parametrize(
    "query",
    [
        "utm_source=feed",
        "UTM_Campaign=x",
        "mtm_medium=x",
        "gclid=1",
        "fbclid=2",
        "msclkid=3",
        "mc_cid=4",
    ],
)
def test_url_key_drops_trackers(query: str):
    """Parameters that name the click and not the page are dropped, wherever they stand."""
    assert url_key(f"https://example.com/a?{query}") == "https://example.com/a"
    assert url_key(f"https://example.com/a?id=1&{query}&p=2") == "https://example.com/a?id=1&p=2"


@pytest.mark.parametrize(
    "query",
    [
        "id=3",
        "p=7",
        "cid=5",
        "source=rss",
        "ref=x",
        "b=2&a=1",
        "a=1&a=1",
        "a=",
        "a",
        "utmost=1",
        "gclids=1",
        "x=utm_source",
    ],
)
def test_url_key_keeps_content_parameters(query: str):
    """Parameters that may choose the page stay, in their order; trackers go by exact name."""
    assert url_key(f"https://example.com/a?{query}") == f"https://example.com/a?{query}"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://example.com/a", "https://example.com/A"),
        ("https://example.com/a", "https://example.com/a/"),
        ("https://example.com/a", "http://example.com/a"),
        ("https://example.com/a//b", "https://example.com/a/b"),
        ("https://example.com/a%2Fb", "https://example.com/a/b"),
        ("https://example.com/a?id=1", "https://example.com/a?id=2"),
        ("https://m.example.com/a", "https://example.com/a"),
    ],
)
def test_url_key_keeps_different_addresses_apart(one: str, other: str):
    """Nothing is merged that a server may tell apart."""
    assert url_key(one) != url_key(other)


@pytest.mark.parametrize(
    "text",
    [
        "tag-2024-0017",
        "",
        "file:///home/a/B.html",
        "urn:x:1",
        "http://",
        "http://a..b/",
        "http://[::1",
        "https://example.com:99999/",
    ],
)
def test_url_key_leaves_what_is_no_web_address(text: str):
    """A bare id, a file and a malformed address are their own keys, and have no host."""
    assert url_key(text) == text
    assert host(text) is None
    assert not is_http(text)


@given(st.text(max_size=60))
def test_url_key_takes_any_text(text: str):
    """It never raises and is idempotent, on any text and on any text as path, query and host."""
    for url in (text, f"http://example.com/{text}", f"https://e.com/a?{text}", f"http://{text}/a"):
        key = url_key(url)
        assert url_key(key) == key


@given(st.text(alphabet="ab%./?&=2eE5;~é ", max_size=20))
def test_url_key_is_idempotent_where_escapes_and_dots_meet(path: str):
    """Escapes that hide dots or other escapes are resolved in one pass."""
    key = url_key(f"https://example.com/{path}")
    assert url_key(key) == key
    assert "#" not in key


def test_host_has_no_www_and_no_port():
    """The host names the site: lower case, ASCII, without "www." and port."""
    assert host("https://WWW.Example.com:8080/a") == "example.com"
    assert host("https://news.example.com/") == "news.example.com"
    assert host("http://[::1]:8080/") == "[::1]"
    assert host("https://wwwolf.example/") == "wwwolf.example"


@pytest.mark.parametrize(
    ("a", "b", "same"),
    [
        ("https://www.example.com/a", "http://amp.example.com/b", True),
        ("https://www.example.co.uk/", "https://m.example.co.uk/", True),
        ("https://one.co.uk/", "https://two.co.uk/", False),
        ("https://one.com.au/", "https://two.com.au/", False),
        ("https://example.com/", "https://example.org/", False),
        ("https://one.blogspot.com/", "https://two.blogspot.com/", False),
        ("https://example.com/", "https://example.com.evil.net/", False),
        ("https://notexample.com/", "https://example.com/", False),
        ("http://192.0.2.1/", "http://192.0.2.1:8080/", True),
        ("http://192.0.2.1/", "http://198.51.2.1/", False),
        ("file:///a", "file:///a", False),
        ("x", "https://example.com/", False),
    ],
)
def test_same_site_compares_registrable_domains(a: str, b: str, *, same: bool):
    """Subdomains are one site; neighbours under a public suffix are not."""
    assert same_site(a, b) is same
    assert same_site(b, a) is same


def test_resolve_makes_links_absolute():
    """Relative links start from the base; what is no web address is nothing."""
    assert resolve("https://example.com/a/b", "../c#x") == "https://example.com/c"
    assert resolve("https://example.com/a", "//other.example/c") == "https://other.example/c"
    assert resolve("https://example.com/a", "javascript:void(0)") is None
    assert resolve("file:///a/b.html", "c.html") is None
    assert resolve("https://example.com/a", "http://[") is None


@given(st.text(max_size=40))
def test_ids_are_sixteen_hex_digits(text: str):
    """Ids have one shape, whatever they stand for, lone surrogates included."""
    assert re.fullmatch(r"[0-9a-f]{16}", article_id(text))
    assert re.fullmatch(r"[0-9a-f]{16}", page_id(text, NOON, "0" * 64))


def test_ids_are_stable_values():
    """An id is the start of a SHA-256, so that other programs can compute it."""
    assert article_id("https://example.com/") == "0f115db062b7c0dd"


def test_page_id_tells_its_parts_apart():
    """Moving a character from one part to the next makes another id; a zone does not."""
    one = page_id("ab", NOON, "c")
    assert one != page_id("a", NOON, "bc")
    assert one != page_id("ab", NOON + timedelta(seconds=1), "c")
    assert one == page_id("ab", NOON.astimezone(timezone(timedelta(hours=2))), "c")
