"""Which addresses a fetch may reach: the form of a URL, the names it resolves to, the public ones.

Everything that is not known to be public is refused. The check is on the address that is connected
to: a name is resolved once, its answers are checked, and the connection goes to one of them.
"""

from __future__ import annotations

import asyncio
import contextlib
import ipaddress
import re
import socket
import threading
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from urllib.parse import quote, urlsplit, urlunsplit

Resolve = Callable[[str, int], Awaitable[Sequence[str]]]
"""A host and a port to IP addresses, in order of preference; raises OSError for an unknown host."""

Dial = Callable[[str, int], Awaitable[socket.socket]]
"""An IP address and a port to a connected, non-blocking socket; raises OSError."""

IPAddress = ipaddress.IPv4Address | ipaddress.IPv6Address

MAX_URL = 8_000
_DEFAULT_PORTS = {"http": 80, "https": 443}
_FIRST_FREE_PORT = 1_024
_LABEL = re.compile(r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?")
_NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*")
_CONTROL = re.compile(r"[\x00-\x20\x7f]")
_CREDENTIALS = re.compile(r"(?<=//)[^/?#]*@")
_SAFE_PATH = "%/:@!$&'()*+,;=-._~"
_SAFE_QUERY = _SAFE_PATH + "?[]|"

_IPV6_UNICAST = ipaddress.IPv6Network("2000::/3")
"""All that IANA has given out for global unicast; whatever lies outside is refused unseen."""

_REFUSED = tuple(
    ipaddress.ip_network(block)
    for block in (
        # IANA IPv4 special-purpose and multicast registries
        "0.0.0.0/8",  # this network
        "10.0.0.0/8",  # private
        "100.64.0.0/10",  # shared by carriers (CGNAT)
        "127.0.0.0/8",  # loopback
        "169.254.0.0/16",  # link-local, cloud metadata
        "172.16.0.0/12",  # private
        "192.0.0.0/24",  # protocol assignments
        "192.0.2.0/24",  # documentation
        "192.31.196.0/24",  # AS112
        "192.52.193.0/24",  # AMT
        "192.88.99.0/24",  # 6to4 relays
        "192.168.0.0/16",  # private
        "192.175.48.0/24",  # AS112
        "198.18.0.0/15",  # benchmarking
        "198.51.100.0/24",  # documentation
        "203.0.113.0/24",  # documentation
        "224.0.0.0/4",  # multicast
        "240.0.0.0/4",  # reserved, broadcast
        # public by number, but the host's own agent inside one large cloud
        "168.63.129.16/32",
        # IANA IPv6 special-purpose registry, inside 2000::/3
        "2001::/23",  # protocol assignments, Teredo, ORCHID, benchmarking
        "2001:db8::/32",  # documentation
        "2002::/16",  # 6to4, which carries any IPv4 address
        "2620:4f:8000::/48",  # AS112
        "3fff::/20",  # documentation
    )
)


@dataclass(frozen=True, slots=True)
class Target:
    """A URL taken apart for one request: `path` is the request target, ASCII with its query.

    `host` is in its ASCII form and lower case, without a trailing dot; an IPv6 address without
    brackets. `address` is set where the host is a literal one. `url` has no fragment.
    """

    url: str
    scheme: str
    host: str
    port: int
    path: str
    address: IPAddress | None = None

    @property
    def authority(self) -> str:
        """What the Host header says."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == _DEFAULT_PORTS[self.scheme] else f"{host}:{self.port}"

    @property
    def origin(self) -> str:
        """Scheme, host and port: what robots.txt and connections belong to."""
        return f"{self.scheme}://{self.authority}"


class RefusedAddress(ValueError):
    """The URL cannot be fetched whatever it leads to; the message is a sentence without secrets."""


class NotPublic(RefusedAddress):
    """The host has no address that is public."""


def parse_target(url: str) -> Target:
    """Take an http(s) URL apart, strictly: what two readers could understand differently is refused.

    Raises:
        RefusedAddress: No http(s), a user name or password, a host that is neither a name nor an
            address in its usual form (decimal, octal, hexadecimal, zone ids), a port below 1024
            other than 80 and 443, control characters, or too long.
    """
    url = url.strip()
    if len(url) > MAX_URL:
        raise RefusedAddress(f"The address is longer than {MAX_URL:,} characters.")
    if _CONTROL.search(url.replace(" ", "")):
        raise RefusedAddress("The address holds control characters.")
    try:
        parts = urlsplit(url)
        port = parts.port
        name = parts.hostname or ""
    except ValueError as error:
        raise RefusedAddress("The address has no valid host or port.") from error
    if parts.scheme not in _DEFAULT_PORTS:
        raise RefusedAddress(
            f"The scheme {parts.scheme[:20]!r} is not fetched, only http and https."
        )
    if "@" in parts.netloc:
        raise RefusedAddress("The address carries a user name or a password; these are never sent.")
    port = _DEFAULT_PORTS[parts.scheme] if port is None else port
    if port < _FIRST_FREE_PORT and port not in _DEFAULT_PORTS.values():
        raise RefusedAddress(f"Port {port} is not fetched, only 80, 443 and those from 1024 on.")
    is_literal = parts.netloc.startswith("[")
    host, address = _ipv6_literal(name) if is_literal else _host_name(name)
    path = quote(parts.path or "/", safe=_SAFE_PATH, errors="replace")
    query = quote(parts.query, safe=_SAFE_QUERY, errors="replace")
    target = Target("", parts.scheme, host, port, f"{path}?{query}" if query else path, address)
    whole = urlunsplit((parts.scheme, target.authority, path, query, ""))
    return Target(whole, parts.scheme, host, port, target.path, address)


def without_credentials(url: str) -> str:
    """The URL as it may be stored and shown: without user name and password."""
    return _CREDENTIALS.sub("", url, count=1)


def is_public(address: IPAddress) -> bool:
    """Whether an address is known to be publicly reachable unicast.

    Two judgements must agree: `ipaddress`, which follows the IANA registries with each Python
    release, and the table above, for what it lets pass (6to4, NAT64, multicast, `::127.0.0.1`).
    Every form of an IPv4 address inside an IPv6 one is refused.
    """
    if not address.is_global or address.is_multicast:
        return False
    if isinstance(address, ipaddress.IPv6Address) and (
        address.scope_id is not None or address not in _IPV6_UNICAST
    ):
        return False
    return not any(address in block for block in _REFUSED if block.version == address.version)


async def addresses_of(
    target: Target, resolve: Resolve, *, allow_private_networks: bool
) -> list[str]:
    """The IP addresses a request to this target may connect to, in the resolver's order.

    Raises:
        NotPublic: There is none that is public.
        OSError: The host is not known.
    """
    if target.address is not None:
        found = [target.address]
    else:
        answers = await resolve(target.host, target.port)
        found = [ipaddress.ip_address(answer) for answer in answers]
    if not found:
        raise OSError(f"The host {target.host!r} has no address.")
    allowed = [a for a in found if allow_private_networks or is_public(a)]
    if not allowed:
        raise NotPublic(
            f"{target.host!r} is at {', '.join(map(str, found[:3]))}, which is not public; "
            "nothing was sent."
        )
    return [str(address) for address in dict.fromkeys(allowed)]


async def system_resolve(host: str, port: int) -> Sequence[str]:
    """Ask the system. In a thread that no exit waits for: a resolver may be stuck for minutes."""
    loop = asyncio.get_running_loop()
    answer: asyncio.Future[list[str]] = loop.create_future()

    def settle(found: list[str] | OSError) -> None:
        if answer.done():
            return
        if isinstance(found, OSError):
            answer.set_exception(found)
        else:
            answer.set_result(found)

    def ask() -> None:
        result: list[str] | OSError
        try:
            rows = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
            result = [str(row[4][0]) for row in rows]
        except (OSError, UnicodeError) as error:
            result = error if isinstance(error, OSError) else OSError(str(error))
        with contextlib.suppress(RuntimeError):  # nobody waits any more: the loop is closed
            loop.call_soon_threadsafe(settle, result)

    threading.Thread(target=ask, name=f"resolve {host}", daemon=True).start()
    return await answer


async def dial(address: str, port: int) -> socket.socket:
    """Connect to exactly this address and port, and make sure that this is who is there.

    Raises:
        OSError: It does not answer, or another one does.
    """
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    sock = socket.socket(family, socket.SOCK_STREAM)
    try:
        sock.setblocking(False)  # noqa: FBT003 - the standard library's own signature
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        await asyncio.get_running_loop().sock_connect(sock, (address, port))
        _expect_peer(sock, address)
    except BaseException:
        sock.close()
        raise
    return sock


def _expect_peer(sock: socket.socket, address: str) -> None:
    peer = ipaddress.ip_address(sock.getpeername()[0])
    if peer != ipaddress.ip_address(address):
        raise ConnectionError(f"{address} was dialled and {peer} answered")


def _ipv6_literal(name: str) -> tuple[str, IPAddress]:
    try:
        address = ipaddress.IPv6Address(name)
    except ValueError as error:
        raise RefusedAddress("The address in brackets is no IPv6 address.") from error
    if address.scope_id is not None:
        raise RefusedAddress("The address names a network interface.")
    return str(address), address


def _host_name(name: str) -> tuple[str, IPAddress | None]:
    """A host in its ASCII form, and its address where it is an IPv4 literal."""
    try:
        host = name if name.isascii() else name.encode("idna").decode("ascii")
    except UnicodeError as error:
        raise RefusedAddress("The host is no valid name.") from error
    host = host.lower().removesuffix(".")
    labels = host.split(".")
    if _NUMBER.fullmatch(labels[-1]):
        # The WHATWG rule: a host that ends in a number is an address, and only one form is usual.
        try:
            address = ipaddress.IPv4Address(host)
        except ValueError as error:
            raise RefusedAddress(
                f"The host {host[:60]!r} is a number, not a name or a usual IP address."
            ) from error
        return host, address
    if len(host) > 253 or not all(map(_LABEL.fullmatch, labels)):
        raise RefusedAddress(f"The host {host[:60]!r} is no valid name.")
    return host, None
