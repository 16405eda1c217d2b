"""robots.txt: groups, matching, status rules, and files made to be slow."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.robots import (
    ALLOW_ALL,
    DENY_FOR_NOW,
    MAX_ROBOTS_BYTES,
    parse_robots,
    robots_decision,
    robots_rules,
    robots_url,
)

SITE = "https://paper.example"


def allowed(robots: str, path: str, crawler: str = "wirecopy") -> bool:
    """Whether a path may be fetched under a robots.txt."""
    return robots_decision(parse_robots(robots.encode(), crawler), SITE + path).is_allowed


@pytest.mark.parametrize(
    ("pattern", "path", "matches"),
    [
        ("/", "/anything", True),
        ("/fish", "/fish.html", True),
        ("/fish", "/Fish", False),
        ("/fish", "/catfish", False),
        ("/fish/", "/fish", False),
        ("/fish*", "/fishheads/a", True),
        ("/*.php", "/folder/a.php?b", True),
        ("/*.php$", "/folder/a.php", True),
        ("/*.php$", "/folder/a.php?b", False),
        ("/*.php$", "/a.php.php", True),
        ("/fish*.php", "/fishheads/a.php?b", True),
        ("/fish*.php", "/Fish.php", False),
        ("/$", "/", True),
        ("/$", "/a", False),
        ("*/a", "/b/a", True),
        ("/a*$", "/ab", True),
        ("/*a*b$", "/xaxb", True),
        ("/*ab$", "/ab", True),
        ("/a*a$", "/a", False),
        ("/a$b", "/a$b", True),
        ("/?id=", "/?id=3", True),
        ("/a%3cd.html", "/a%3Cd.html", True),
        ("/a%7Eb", "/a~b", True),
        ("/a%2fb", "/a/b", False),
        ("/ツ", "/%E3%83%84", True),
        ("/%E3%83%84", "/ツ", True),
        ("/a%2A", "/axx", False),
        ("a", "/a", False),
    ],
)
def test_patterns(pattern: str, path: str, *, matches: bool) -> None:
    """Prefixes, `*`, a last `$`, and escapes in one spelling (RFC 9309, 2.2.2 and 2.2.3)."""
    assert allowed(f"User-agent: *\nDisallow: {pattern}", path) is not matches


def test_the_longest_rule_wins_and_allow_at_a_tie() -> None:
    """Order does not matter."""
    rules = "User-agent: *\nDisallow: /a\nAllow: /a/b\nDisallow: /a/b/c\nDisallow: /t\nAllow: /t\n"
    assert [allowed(rules, path) for path in ("/a/x", "/a/b/x", "/a/b/c", "/t", "/x")] == [
        False, True, False, True, True,
    ]  # fmt: skip


def test_our_own_group_replaces_the_one_for_all() -> None:
    """A group that names us, in any case and with a version, is the only one that counts."""
    rules = "User-agent: *\nDisallow: /\n\nUser-agent: WireCopy/2.0\nDisallow: /a\n"
    assert (allowed(rules, "/b"), allowed(rules, "/a"), allowed(rules, "/b", "other")) == (
        True,
        False,
        False,
    )
    assert allowed("User-agent: wirecopybot\nDisallow: /", "/a")
    assert allowed("User-agent: *\nDisallow: /\nUser-agent: wirecopy\nDisallow:\n", "/a")


def test_groups_of_one_name_count_together() -> None:
    """Wherever they stand; several names share the rules that follow."""
    rules = "User-agent: x\nUser-agent: wirecopy\nDisallow: /a\nUser-agent: y\nDisallow: /c\nUser-agent: wirecopy\nDisallow: /b\n"
    assert [allowed(rules, path) for path in ("/a", "/b", "/c")] == [False, False, True]


def test_other_lines_do_not_end_a_group() -> None:
    """Sitemaps, unknown keys, comments and empty lines are passed over (RFC 9309, 2.2.4)."""
    rules = "\ufeff# hi\r\nUser-agent: a\rSitemap: /s.xml\n\nUser-agent: *   # all\nNoindex: /b\nDisallow: /a # why\n"
    assert (allowed(rules, "/a"), allowed(rules, "/b")) == (False, True)


def test_a_crawl_delay_is_a_rule_of_its_group() -> None:
    """What follows it under another name is the other's alone, as sites mean it."""
    rules = "User-agent: *\nCrawl-delay: 10\nUser-agent: badbot\nDisallow: /\n"
    assert (allowed(rules, "/a"), allowed(rules, "/a", "badbot")) == (True, False)


def test_rules_before_any_group_count_for_nobody() -> None:
    """And a file without rules allows all."""
    assert allowed("Disallow: /\nUser-agent: *\nAllow: /a", "/b")
    assert parse_robots(b"", "wirecopy") == ALLOW_ALL


def test_its_own_address_is_always_allowed() -> None:
    """robots.txt itself may be read whatever it says (RFC 9309, 2.2.2)."""
    assert allowed("User-agent: *\nDisallow: /", "/robots.txt")


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("10", 10.0),
        ("0.5", 0.5),
        ("abc", None),
        ("-3", None),
        ("1e99", None),
        ("inf", None),
        ("", None),
    ],
)
def test_crawl_delay(line: str, expected: float | None) -> None:
    """Seconds, as a courtesy: the RFC does not know them."""
    found = parse_robots(f"User-agent: *\nCrawl-delay: {line}\nDisallow: /a".encode(), "wirecopy")
    assert found.crawl_delay_s == expected


def test_crawl_delay_is_that_of_our_group() -> None:
    """The pause others are asked for is not ours."""
    rules = b"User-agent: *\nCrawl-delay: 30\n\nUser-agent: x\nDisallow: /\n\nUser-agent: wirecopy\nAllow: /\n"
    assert parse_robots(rules, "wirecopy").crawl_delay_s is None


def test_status_rules() -> None:
    """RFC 9309, 2.3.1: 2xx is read, 3xx and 4xx allow all, 5xx and no answer deny for now."""
    closed = b"User-agent: *\nDisallow: /"
    url = f"{SITE}/a"
    decided = {
        status: robots_decision(robots_rules(status, closed, "wirecopy"), url).is_allowed
        for status in (200, 206, 302, 401, 403, 404, 429, 500, 503, None)
    }
    assert decided == {
        200: False, 206: False, 302: True, 401: True, 403: True, 404: True, 429: True,
        500: False, 503: False, None: False,
    }  # fmt: skip
    assert not DENY_FOR_NOW.is_final
    assert not robots_decision(DENY_FOR_NOW, f"{SITE}/robots.txt").is_allowed


def test_where_it_lies() -> None:
    """At the root of scheme, host and port."""
    assert robots_url("http://paper.example:8080/a/b?c#d") == "http://paper.example:8080/robots.txt"


def test_only_half_a_megabyte_counts() -> None:
    """What lies behind 500 KiB is not read."""
    body = b"User-agent: *\n" + b"#" * MAX_ROBOTS_BYTES + b"\nDisallow: /"
    assert parse_robots(body, "wirecopy") == ALLOW_ALL


@pytest.mark.parametrize(
    "body",
    [
        b"User-agent: *\nDisallow: /" + b"*a" * 200_000 + b"$",
        b"User-agent: *\n" + b"Disallow: /*a*a*a*a*a*a*a*a*b$\n" * 15_000,
        b"User-agent: *\nDisallow:" + b" " * 500_000 + b"x",
        b"User-agent: a\n" * 40_000,
        b":" * 500_000,
        b"\r" * 500_000,
        b"User-agent: *\nDisallow: /" + b"%" * 500_000,
    ],
)
def test_hostile_files_take_no_time(body: bytes) -> None:
    """Stars, spaces and names without end are matched once from left to right."""
    started = time.process_time()
    rules = parse_robots(body, "wirecopy")
    robots_decision(rules, f"{SITE}/{'a' * 4_000}")
    assert time.process_time() - started < 5


@given(st.binary(max_size=300), st.text(max_size=60))
def test_any_bytes_give_rules(body: bytes, path: str) -> None:
    """Nothing in a file or an address breaks the decision, and it is the same each time."""
    rules = parse_robots(b"User-agent: *\nDisallow: /" + body, "wirecopy")
    first = robots_decision(rules, f"{SITE}/{path}")
    assert first == robots_decision(
        parse_robots(b"User-agent: *\nDisallow: /" + body, "wirecopy"), f"{SITE}/{path}"
    )
    assert first.is_allowed or first.rule in rules.rules


@given(
    st.lists(
        st.tuples(st.booleans(), st.sampled_from(["/", "/a", "/a*", "/a/b", "/*b", "/a$"])),
        max_size=6,
    ),
    st.randoms(),
)
def test_the_order_of_rules_does_not_matter(rules: list[tuple[bool, str]], shuffle: object) -> None:
    """A law of longest match."""

    def decided(lines: list[tuple[bool, str]]) -> list[bool]:
        text = "User-agent: *\n" + "".join(
            f"{'Allow' if a else 'Disallow'}: {p}\n" for a, p in lines
        )
        return [allowed(text, path) for path in ("/", "/a", "/a/b", "/b", "/ab")]

    mixed = list(rules)
    shuffle.shuffle(mixed)  # type: ignore[attr-defined]
    assert decided(rules) == decided(mixed)
