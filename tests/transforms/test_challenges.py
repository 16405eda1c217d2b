"""Challenge pages and consent walls are told from pages, and pages are never taken for them."""

from __future__ import annotations

import gzip
import time
from pathlib import Path

import pytest

from transforms.challenges import ChallengeKind, find_challenge, readable_beginning

EVAL = Path(__file__).resolve().parents[2] / "../shared/eval"
URL = "https://paper.example/a"
HTML = (("Content-Type", "text/html"),)
PROSE = (
    "<p>"
    + "The council met on Tuesday to discuss the ferry and its long delayed repairs. " * 40
    + "</p>"
)


def kind(
    body: str, *, status: int = 200, headers: tuple[tuple[str, str], ...] = HTML, final: str = URL
) -> ChallengeKind | None:
    """What stands in the place of the page, if anything."""
    found = find_challenge(status, headers, body.encode(), URL, final)
    return None if found is None else found.kind


@pytest.mark.parametrize(
    "head",
    [
        "<title>Just a moment...</title>",
        "<title>Attention Required! | Cloudflare</title>",
        "<title>Access Denied</title>",
        "<title>Pardon Our Interruption</title>",
        "<title>Making sure you&#39;re not a bot!</title>",
        "<script>window._cf_chl_opt={};</script>",
        "<script src='https://geo.captcha-delivery.com/c.js'></script>",
        "<script src='/_Incapsula_Resource?SWJIYLWA=1'></script>",
        "<div id='px-captcha'></div>",
        "<script>window.awsWafCookieDomainList=[];</script>",
        "<div class=g-recaptcha></div>",
    ],
)
def test_challenges_are_found(head: str) -> None:
    """By the vendor's script, by name, by a captcha that stands alone."""
    assert kind(f"<html><head>{head}</head><body>Wait.</body></html>") is ChallengeKind.CHALLENGE


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("CF-Mitigated", "challenge"),
        ("x-amzn-waf-action", "captcha"),
        ("x-vercel-mitigated", "challenge"),
    ],
)
def test_headers_made_to_say_so_decide(name: str, value: str) -> None:
    """Whatever the body is."""
    assert kind("", status=403, headers=((name, value),)) is ChallengeKind.CHALLENGE


@pytest.mark.parametrize(
    ("body", "final"),
    [
        ("<html><title>Before you continue</title><body>Accept all", URL),
        ("<html><title>Zustimmung erforderlich</title><body>Akzeptieren", URL),
        ("<html><title>Paper</title><body>Accept", "https://consent.paper.example/collect?to=a"),
        ("<html><title>Paper</title><body>Accept", "https://myprivacy.group.example/?to=a"),
        ("<html><title>Paper</title><body>Accept", "https://paper.example/privacy-gate/?to=a"),
    ],
)
def test_consent_walls_are_found(body: str, final: str) -> None:
    """By what they call themselves, or by where the page was redirected to."""
    assert kind(body, final=final) is ChallengeKind.CONSENT_WALL


@pytest.mark.parametrize(
    "body",
    [
        f"<html><title>Just a moment in time: a memoir</title>{PROSE}",
        f"<html><title>Access denied: who may enter the harbour</title>{PROSE}<div class=g-recaptcha></div>",
        f"<html><title>Ferry</title><script src='/cdn-cgi/challenge-platform/scripts/jsd/main.js'></script>{PROSE}",
        f"<html><title>Ferry</title><script>window._pxAppId='a'</script>{PROSE}",
        "<html><title>Ferry</title><body><p>Short, but a page.</p>",
        "<html><title>渡轮</title><h1>Security check at the port</h1><p>"
        + "渡轮星期二恢复通航" * 60,
        "<rss><channel><title>Just a moment</title></channel></rss>",
        '{"title": "Access denied"}',
        "",
    ],
)
def test_pages_and_feeds_are_left_alone(body: str) -> None:
    """Words in a headline, a captcha in a form, a vendor's script in an ordinary page decide nothing."""
    assert kind(body) is None


def test_ordinary_errors_are_no_challenges() -> None:
    """A plain 403 or 404 stays what it is."""
    assert kind("<html><title>404</title>Not found", status=404) is None
    assert kind("<html><title>Forbidden</title>nginx", status=403) is None
    assert kind("<html>Solve the CAPTCHA", status=403) is ChallengeKind.CHALLENGE


def test_the_beginning_of_a_packed_body_is_read() -> None:
    """Of a cut body what there is, of a bomb the beginning, of damage nothing."""
    packed = gzip.compress(b"<html>" + b"x" * 5_000_000)
    assert readable_beginning(packed[:2_000], "gzip").startswith(b"<html>xx")
    assert len(readable_beginning(packed, "GZIP")) <= 256 << 10
    assert readable_beginning(b"no gzip", "gzip") == b""
    assert readable_beginning(b"plain", None) == b"plain"


@pytest.mark.parametrize(
    "part", ["<", "<script ", "<title>", "<script><script>", "&", "<title", "</script "]
)
def test_hostile_markup_takes_no_time(part: str) -> None:
    """Markup that never closes is scanned once."""
    body = "<html>" + part * (300_000 // len(part))
    started = time.process_time()
    kind(body)
    assert time.process_time() - started < 3


@pytest.mark.eval
def test_no_labelled_page_is_taken_for_a_wall() -> None:
    """Real pages with a labelled article hold one."""
    pages = sorted(EVAL.glob("extraction/**/*.html*"))
    if not pages:
        pytest.skip("the labelled pages are not beside the repository")
    taken = []
    for path in pages:
        content = path.read_bytes()
        body = gzip.decompress(content) if path.suffix == ".gz" else content
        found = find_challenge(200, HTML, body, URL, URL)
        if found is not None:
            taken.append((path.name, found.detail))
    assert len(taken) <= len(pages) // 200, taken
