"""TLS is always verified, and nothing of the environment changes where a request goes."""

from __future__ import annotations

import ssl
from datetime import UTC, datetime
from pathlib import Path

import pytest
import trustme

from flows.web.outcomes import FetchFailure, FetchRequest
from tests.flows.webserver import (
    PAGE,
    WebServer,
    answer,
    fetch,
    page,
    reason,
    status,
)
from transforms.records import Reason

# -- TLS -----


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    """A certificate authority of the tests."""
    return trustme.CA()


def serve_tls(authority: trustme.CA, name: str = "127.0.0.1", **options: object) -> ssl.SSLContext:
    """A server's side of TLS with a certificate for a name."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert(name, **options).configure_cert(context)  # type: ignore[arg-type]
    return context


def trusting(authority: trustme.CA) -> ssl.SSLContext:
    """A client's side that trusts the tests' authority."""
    context = ssl.create_default_context()
    authority.configure_trust(context)
    return context


def test_https_with_a_good_certificate_is_read(tmp_path: Path, authority: trustme.CA) -> None:
    """The ordinary case, over TLS."""
    with WebServer({"/": answer(PAGE)}, tls=serve_tls(authority)) as web:
        [found] = fetch(tmp_path, web.url(), fetcher={"tls": trusting(authority)})
    assert page(found).payload == PAGE


def test_bad_certificates_are_refused_and_nothing_is_sent(
    tmp_path: Path, authority: trustme.CA
) -> None:
    """Expired, self-signed by nobody known, and made out to another: no request, no way around."""
    expired = serve_tls(authority, not_after=datetime(2020, 1, 1, tzinfo=UTC))
    cases = (expired, serve_tls(trustme.CA()), serve_tls(authority, "other.example"))
    for context in cases:
        with WebServer({"*": answer(PAGE)}, tls=context) as web:
            [outcome] = fetch(
                tmp_path, FetchRequest(web.url()), fetcher={"tls": trusting(authority)}
            )
        assert (reason(outcome), web.paths) == (Reason.TLS_FAILED, [])


def test_the_authorities_of_the_system_are_the_default(
    tmp_path: Path, authority: trustme.CA
) -> None:
    """Without a context given, a certificate nobody vouches for is refused."""
    with WebServer({"/": answer(PAGE)}, tls=serve_tls(authority)) as web:
        [outcome] = fetch(tmp_path, web.url())
    assert (reason(outcome), web.paths) == (Reason.TLS_FAILED, [])


def test_nothing_falls_back_to_plain_http(tmp_path: Path) -> None:
    """A server that speaks no TLS where it should is not asked in the clear."""
    with WebServer({"*": answer(PAGE)}) as web:
        [outcome] = fetch(tmp_path, web.url().replace("http:", "https:"), deadline_s=0.5)
    assert (type(outcome), web.paths) == (FetchFailure, [])


# -- the environment -----


def test_proxies_of_the_environment_are_ignored(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A proxy would connect in our place, to addresses nobody checked."""
    with WebServer({"*": status(500)}) as proxy, WebServer({"/": answer(PAGE)}) as web:
        for name in ("http_proxy", "HTTP_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"):
            monkeypatch.setenv(name, proxy.url())
        [found] = fetch(tmp_path, web.url())
    assert (page(found).payload, proxy.connections) == (PAGE, 0)


def test_a_closed_port_is_told(tmp_path: Path) -> None:
    """Nobody there is a failure that may pass."""
    with WebServer({}) as web:
        url = web.url()
    [outcome] = fetch(tmp_path, url)
    assert (reason(outcome), outcome.is_retryable) == (Reason.CONNECTION_FAILED, True)
