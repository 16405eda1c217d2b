"""Fetching one address: politely, within bounds, to public addresses only.

    request -> form of the URL -> robots.txt -> the host's turn -> checked connection -> answer
                     ^------------------ each redirect goes all the way again -----'

Nothing a site does raises: what comes of a fetch is a `Fetched` or a `FetchFailure`.
"""

from __future__ import annotations

import asyncio
import contextlib
import re
import ssl
from collections.abc import MutableMapping
from dataclasses import dataclass
from datetime import UTC, datetime
from types import TracebackType
from typing import Self
from urllib.parse import urljoin

from flows.web.addresses import (
    Dial,
    NotPublic,
    RefusedAddress,
    Resolve,
    Target,
    dial,
    parse_target,
    system_resolve,
    without_credentials,
)
from flows.web.answers import Judged, answer_of, page_body_cap
from flows.web.connections import Answer, BodyCap, ExchangeFailed, Stale, connect, exchange
from flows.web.host_gate import HostBusy, HostGates
from flows.web.kept_connections import KeptConnections
from flows.web.outcomes import Fetched, FetchFailure, FetchRequest, Redirect
from flows.web.policy import PRODUCT, FetchPolicy
from flows.web.trail import Stopped, Trail, failure
from transforms.http_headers import Headers, header, retry_after_s
from transforms.records import Reason
from transforms.robots import (
    MAX_ROBOTS_BYTES,
    MAX_ROBOTS_REDIRECTS,
    RobotsAnswer,
    RobotsRules,
    robots_decision,
    robots_rules,
    robots_text,
    robots_url,
)

_FOLLOWED = frozenset({301, 302, 303, 307, 308})
_ACCEPT = (
    "text/html,application/xhtml+xml,application/rss+xml,application/atom+xml,"
    "application/feed+json;q=0.9,application/xml;q=0.9,text/plain;q=0.8,*/*;q=0.5"
)
_HEADER_VALUE = re.compile(r"[!-~\x80-\xff](?:[ \t!-~\x80-\xff]*[!-~\x80-\xff])?")
_PAUSE_AFTER_429_S = 30.0
_OWN_FAILURES = frozenset(
    {
        Reason.BAD_ADDRESS,
        Reason.PRIVATE_ADDRESS,
        Reason.HOST_NOT_FOUND,
        Reason.TLS_FAILED,
        Reason.HOST_BUSY,
    }
)
"""What the page itself would fail with: reported as such, and nothing learnt about robots.txt."""


class Fetcher:
    """Fetches addresses in one event loop; use it as an asynchronous context.

    Args:
        policy: limits and name.
        gates: whose turn it is at a host.
        robots: the answers for robots.txt by origin, read and written: give the stored ones.
        resolve: names to addresses.
        dial: addresses to sockets.
        tls: how certificates are verified; the system's authorities where None.
    """

    def __init__(
        self,
        policy: FetchPolicy,
        gates: HostGates,
        *,
        robots: MutableMapping[str, RobotsAnswer] | None = None,
        resolve: Resolve = system_resolve,
        dial: Dial = dial,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self.policy = policy
        self.robots = {} if robots is None else robots
        self._gates = gates
        self._resolve = resolve
        self._dial = dial
        self._tls = tls
        self._kept = KeptConnections()
        self._rules: dict[str, tuple[RobotsAnswer, RobotsRules]] = {}
        self._asking: dict[str, asyncio.Lock] = {}

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._kept.close()
        await asyncio.sleep(0)  # lets the transports see that they are closed

    async def fetch(self, request: FetchRequest) -> Fetched | FetchFailure:
        """Fetch one address; every failure is a value."""
        trail = Trail(self.policy.deadline_s)
        try:
            walked = await self._follow(
                request.url,
                trail,
                self._headers(request),
                page_body_cap,
                max_redirects=self.policy.max_redirects,
                obeys_robots=request.obeys_robots,
            )
        except Stopped as stopped:
            return failure(request.url, stopped, trail)
        judged = answer_of(request, walked.answer, walked.target.url, self.policy)
        if isinstance(judged, Judged):
            stop = Stopped(
                judged.reason,
                judged.detail,
                is_retryable=judged.is_retryable,
                answer=walked.answer,
            )
            return failure(request.url, stop, trail, walked.target.url)
        return Fetched(
            url=without_credentials(request.url),
            final_url=walked.target.url,
            status=walked.answer.status,
            fetched_at=walked.answer.exchange.sent_at,
            headers=walked.answer.headers,
            payload=judged,
            exchange=walked.answer.exchange,
            redirects=tuple(trail.redirects),
            moved_to=trail.moved_to,
        )

    async def rules_of(self, target: Target) -> RobotsRules:
        """The robots rules of a target's origin, asked for where none are stored or fresh.

        Raises:
            Stopped: The host cannot be asked at all, for a reason of its own.
        """
        origin = target.origin
        async with self._asking.setdefault(origin, asyncio.Lock()):
            stored = self.robots.get(origin)
            if stored is None or not stored.is_fresh(datetime.now(UTC)):
                stored = await self._ask_robots(target)
                self.robots[origin] = stored
            known = self._rules.get(origin)
            if known is None or known[0] != stored:
                known = stored, robots_rules(stored.status, stored.body, PRODUCT)
                self._rules[origin] = known
            return known[1]

    def crawl_delay_s(self, url: str) -> float:
        """The pause a site is known to ask for between two requests, seconds; 0 where none is."""
        try:
            known = self._rules.get(parse_target(url).origin)
        except (NotPublic, RefusedAddress):
            return 0.0
        return (known[1].crawl_delay_s if known else None) or 0.0

    def _headers(self, request: FetchRequest) -> Headers:
        found = [
            ("User-Agent", self.policy.user_agent),
            ("Accept", _ACCEPT),
            ("Accept-Encoding", "gzip"),
        ]
        stored = request.validators
        for name, value in (
            ("If-None-Match", stored.etag),
            ("If-Modified-Since", stored.last_modified),
        ):
            # What no header can hold was never sent to us: without it the request is not conditional.
            if value is not None and _HEADER_VALUE.fullmatch(value):
                found.append((name, value))
        return tuple(found)

    def _tls_context(self) -> ssl.SSLContext:
        if self._tls is None:
            self._tls = ssl.create_default_context()
        return self._tls

    async def _ask_robots(self, target: Target) -> RobotsAnswer:
        trail = Trail(self.policy.robots_deadline_s)
        headers = (
            ("User-Agent", self.policy.user_agent),
            ("Accept", "text/plain,*/*;q=0.5"),
            ("Accept-Encoding", "identity"),
        )
        at = datetime.now(UTC)
        try:
            walked = await self._follow(
                robots_url(target.url),
                trail,
                headers,
                _robots_body_cap,
                max_redirects=MAX_ROBOTS_REDIRECTS,
                obeys_robots=False,
            )
        except Stopped as stopped:
            if stopped.reason in _OWN_FAILURES and not trail.redirects:
                raise
            # More redirects than are followed count as "no such file" (RFC 9309, 2.3.1.2).
            endless = {Reason.TOO_MANY_REDIRECTS, Reason.REDIRECT_LOOP}
            return RobotsAnswer(target.origin, at, 302 if stopped.reason in endless else None)
        answer = walked.answer
        if not 200 <= answer.status < 300:
            return RobotsAnswer(target.origin, at, answer.status)
        is_cut = not answer.is_whole and len(answer.body) < MAX_ROBOTS_BYTES
        text = robots_text(answer.body, header(answer.headers, "content-encoding"))
        if is_cut or text is None:
            return RobotsAnswer(target.origin, at, None)
        return RobotsAnswer(target.origin, at, answer.status, text)

    async def _follow(
        self,
        url: str,
        trail: Trail,
        headers: Headers,
        body_cap: BodyCap,
        *,
        max_redirects: int,
        obeys_robots: bool,
    ) -> _Walked:
        """Follow an address to its answer through checked hops.

        Raises:
            Stopped: It leads nowhere.
        """
        seen: set[str] = set()
        while True:
            try:
                target = parse_target(url)
                trail.reached = target.url
                if target.url in seen:
                    raise Stopped(Reason.REDIRECT_LOOP, "The redirects run in a circle.")
                seen.add(target.url)
                answer = await self._hop(target, trail, headers, body_cap, obeys_robots)
            except NotPublic as error:
                raise Stopped(Reason.PRIVATE_ADDRESS, str(error)) from error
            except RefusedAddress as error:
                raise Stopped(Reason.BAD_ADDRESS, str(error)) from error
            except ExchangeFailed as error:
                raise Stopped(error.reason, error.detail) from error
            except HostBusy as error:
                raise Stopped(Reason.HOST_BUSY, str(error), after_s=error.retry_after_s) from error
            location = header(answer.headers, "location")
            if answer.status not in _FOLLOWED or not location:
                return _Walked(answer, target)
            if len(trail.redirects) >= max_redirects:
                detail = f"More than {max_redirects} redirects."
                raise Stopped(Reason.TOO_MANY_REDIRECTS, detail, answer=answer)
            url = _next_url(target.url, location)
            trail.redirects.append(Redirect(target.url, answer.status, without_credentials(url)))

    async def _hop(
        self,
        target: Target,
        trail: Trail,
        headers: Headers,
        body_cap: BodyCap,
        obeys_robots: bool,  # noqa: FBT001 - private, passed on
    ) -> Answer:
        delay_s = await self._permission(target) if obeys_robots else 0.0
        turn = self._gates.turn(target.host, delay_s=delay_s, max_wait_s=self.policy.max_wait_s)
        async with turn:
            async with trail.spending():
                answer = await self._exchange(target, headers, body_cap)
            if answer.status == 429:
                asked = retry_after_s(answer.headers, answer.exchange.sent_at)
                self._gates.pause(target.host, asked or _PAUSE_AFTER_429_S)
            return answer

    async def _permission(self, target: Target) -> float:
        """The pause robots.txt asks for, seconds.

        Raises:
            Stopped: It forbids the address, or could not be had, or asks for too long a pause.
        """
        rules = await self.rules_of(target)
        decision = robots_decision(rules, target.url)
        if not decision.is_allowed and not rules.is_final:
            detail = f"The robots.txt of {target.host!r} cannot be read, so nothing is fetched now."
            raise Stopped(Reason.ROBOTS_UNREACHABLE, detail)
        if not decision.is_allowed and decision.rule is not None:
            detail = f"robots.txt disallows {decision.rule.pattern[:80]!r}."
            raise Stopped(Reason.ROBOTS_DENIED, detail)
        delay_s = rules.crawl_delay_s or 0.0
        if delay_s > self.policy.max_crawl_delay_s:
            detail = f"robots.txt asks for {delay_s:g} s between requests."
            raise Stopped(Reason.CRAWL_DELAY, detail, after_s=min(delay_s, 86_400.0))
        return delay_s

    async def _exchange(self, target: Target, headers: Headers, body_cap: BodyCap) -> Answer:
        connection = self._kept.take(target)
        while True:
            is_fresh = connection is None
            if connection is None:
                connection = await connect(
                    target,
                    resolve=self._resolve,
                    dial=self._dial,
                    tls=self._tls_context,
                    allow_private_networks=self.policy.allow_private_networks,
                )
            try:
                answer = await exchange(
                    connection,
                    target,
                    headers,
                    wire_cap=self.policy.max_wire_bytes,
                    body_cap=body_cap,
                )
            except Stale:
                connection.close()
                if is_fresh:
                    raise
                connection = None
            except BaseException:
                connection.close()
                raise
            else:
                self._kept.keep(target, connection)
                return answer


@dataclass(frozen=True, slots=True)
class _Walked:
    """Where a chain of redirects ended."""

    answer: Answer
    target: Target


def _next_url(url: str, location: str) -> str:
    """Where a redirect leads; a location that is no address fails when it is taken apart."""
    with contextlib.suppress(UnicodeError):  # sent as UTF-8 more often than as the standard has it
        location = location.encode("latin-1").decode("utf-8")
    try:
        return urljoin(url, location.strip())
    except ValueError:
        return location


def _robots_body_cap(status: int, headers: Headers) -> int | None:  # noqa: ARG001 - a BodyCap
    return MAX_ROBOTS_BYTES if 200 <= status < 300 else 0
