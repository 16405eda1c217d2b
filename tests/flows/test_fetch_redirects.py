"""Redirects: followed, told, ended, and held to the rules at every hop."""

from __future__ import annotations

from pathlib import Path

import pytest

from flows.web.outcomes import Fetched
from tests.flows.webserver import (
    PAGE,
    Asked,
    Reply,
    Routes,
    WebServer,
    answer,
    fetch,
    one,
    page,
    reason,
    redirect,
    status,
)
from transforms.records import Reason


def test_redirects_are_followed_and_told(tmp_path: Path) -> None:
    """Every hop is kept; permanent is what permanent redirects lead to from the start."""
    routes: Routes = {
        "/a": redirect("/b", 301),
        "/b": redirect("c", 308),
        "/c": redirect("/d", 307),
        "/d": redirect("/e", 301),
        "/e": answer(PAGE),
    }
    with WebServer(routes) as web:
        [found] = map(page, fetch(tmp_path, web.url("/a")))
    assert found.final_url == web.url("/e")
    assert found.moved_to == web.url("/c")
    assert [(hop.status, hop.target) for hop in found.redirects] == [
        (301, web.url("/b")), (308, web.url("/c")), (307, web.url("/d")), (301, web.url("/e")),
    ]  # fmt: skip


@pytest.mark.parametrize("code", [302, 303, 307])
def test_temporary_redirects_move_nothing(tmp_path: Path, code: int) -> None:
    """Only 301 and 308 say that the address has changed."""
    assert page(one(tmp_path, {"/": redirect("/a", code), "/a": answer(PAGE)})).moved_to is None


def test_a_redirect_to_what_fails_still_says_where(tmp_path: Path) -> None:
    """A failure knows its hops and its permanent address."""
    outcome = one(tmp_path, {"/": redirect("/gone", 301), "/gone": status(410)})
    assert reason(outcome) is Reason.GONE
    assert outcome.moved_to is not None
    assert outcome.moved_to.endswith("/gone")


def test_redirects_end(tmp_path: Path) -> None:
    """A circle is seen when it closes; ten hops are followed, not eleven."""
    circle: Routes = {"/": redirect("/a"), "/a": redirect("/b"), "/b": redirect("/a#x")}
    assert reason(one(tmp_path, circle)) is Reason.REDIRECT_LOOP
    assert reason(one(tmp_path, {"/": redirect("/")})) is Reason.REDIRECT_LOOP

    def onwards(asked: Asked) -> Reply:
        number = int(asked.path[1:])
        return redirect(f"/{number + 1}") if number else answer(PAGE)

    with WebServer({"*": onwards}) as web:
        [outcome] = fetch(tmp_path, web.url("/1"))
    assert reason(outcome) is Reason.TOO_MANY_REDIRECTS
    assert len(web.paths) == 11
    ten: Routes = {f"/{n}": redirect(f"/{n - 1}") for n in range(1, 11)}
    assert isinstance(one(tmp_path, {**ten, "/0": answer(PAGE)}, "/10"), Fetched)


@pytest.mark.parametrize(
    "target",
    [
        "file:///etc/passwd", "ftp://paper.example/", "gopher://paper.example:70/x", "data:text/html,x",
        "javascript:alert(1)", "http://[::1", "http://a b/", "//user:pw@127.0.0.1/",
        "http://127.0.0.1:25/", "http://127.0.0.1:99999/",
    ],
)  # fmt: skip
def test_redirects_to_what_is_not_fetched_are_refused(tmp_path: Path, target: str) -> None:
    """The rules for addresses hold for every hop."""
    with WebServer({"/": redirect(target)}) as web:
        [outcome] = fetch(tmp_path, web.url())
    assert reason(outcome) is Reason.BAD_ADDRESS
    assert "pw" not in repr(outcome)


def test_a_redirect_without_a_target_is_a_failure(tmp_path: Path) -> None:
    """301 with no Location, 300, 305 bring no page."""
    for code in (300, 301, 305):
        assert reason(one(tmp_path, {"/": status(code)})) is Reason.HTTP_STATUS
